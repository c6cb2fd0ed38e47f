import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningService } from '@millrace/core/harness/start-service';
import { inject, onTestFinished } from 'vitest';
import { startAnalyzer } from '../harness/start-analyzer.ts';
import type { OwnStream } from './own-stream.ts';

export type OwnAnalyzer = {
  readonly dataDir: string;
  start(env?: Readonly<Record<string, string>>): Promise<RunningService>;
};

/** An analyzer of one stream with a data folder of its own; what still runs when the test ends is ended. */
export async function ownAnalyzer({ schemasDir }: Pick<OwnStream, 'schemasDir'>): Promise<OwnAnalyzer> {
  const { kafkaBrokers, registryUrl } = inject('stack');
  const dataDir = await mkdtemp(join(tmpdir(), 'analyzer-'));
  const started: RunningService[] = [];
  onTestFinished(async () => {
    for (const analyzer of started) await analyzer.kill();
    await rm(dataDir, { recursive: true });
  });
  return {
    dataDir,
    async start(env = {}) {
      const analyzer = await startAnalyzer({ kafkaBrokers, registryUrl, schemasDir, dataDir, env });
      started.push(analyzer);
      return analyzer;
    },
  };
}
