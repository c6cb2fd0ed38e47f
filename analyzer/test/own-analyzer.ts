import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningService } from '@millrace/testing/start-service';
import type { OwnStream } from './own-stream.ts';

export type OwnAnalyzer = {
  readonly dataDir: string;
  start(env?: Readonly<Record<string, string>>): Promise<RunningService>;
};

/** An analyzer of a stream's world with a data folder of its own; what still runs when the test ends is ended. */
export async function ownAnalyzer({ world, schemasDir }: OwnStream): Promise<OwnAnalyzer> {
  const dataDir = await mkdtemp(join(schemasDir, '..', 'analyzer-'));
  return { dataDir, start: (env = {}) => world.start('analyzer', { env: { ...env, DATA_DIR: dataDir } }) };
}
