import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnalyzer } from '@millrace/analyzer/harness/start-analyzer';
import type { BenchContext, RowResult } from '../row.ts';
import { measureVisible } from '../visible/measure-visible.ts';

/** Until `GET /<stream>?event_id=` answers the event with its position. */
export async function run(context: BenchContext): Promise<RowResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-analyzer-'));
  try {
    return await measureVisible(context, {
      service: 'the analyzer',
      allowedMs: 500,
      start: ({ schemasDir }) =>
        startAnalyzer({
          kafkaBrokers: context.kafkaBrokers.join(','),
          registryUrl: context.registryUrl,
          schemasDir,
          dataDir,
        }),
      addressOf: (url, { topic }, eventId) => `${url}/${topic}?event_id=${eventId}`,
    });
  } finally {
    await rm(dataDir, { recursive: true });
  }
}
