import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemasDir } from '@millrace/schemas/schemas-dir';

export type BenchStream = {
  readonly schemasDir: string;
  readonly topic: string;
  readonly path: string;
  close(): Promise<void>;
};

/** `running` under a name of its own, so that a row's records are nobody else's. */
export async function createBenchStream(): Promise<BenchStream> {
  const name = `bench-running-${randomBytes(4).toString('hex')}`;
  const path = `/bench/${name}`;
  const schema = JSON.parse(await readFile(join(schemasDir, 'fitness/running.avsc'), 'utf8'));
  const dir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  await mkdir(join(dir, 'bench'));
  const stream = { ...schema.stream, name, path, count_as: undefined };
  await writeFile(join(dir, 'bench', `${name}.avsc`), JSON.stringify({ ...schema, stream }));
  return { schemasDir: dir, topic: name, path, close: () => rm(dir, { recursive: true, force: true }) };
}

/** A run as an app would post it, of another user each time. */
export function benchRun(n: number) {
  const user = (n % 10_000).toString(16).padStart(12, '0');
  return {
    user_id: `d290f1ee-6c54-4b01-90e6-${user}`,
    duration: 1805.5 + (n % 1000),
    distance: 5012.3 + (n % 1000),
    timestamp: '2026-03-14T07:32:10.000Z',
  };
}
