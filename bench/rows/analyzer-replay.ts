import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnalyzer } from '@millrace/analyzer/harness/start-analyzer';
import { fillTopic } from '../analyzer/fill-topic.ts';
import { readLoop } from '../analyzer/read-loop.ts';
import { residentMegabytes } from '../analyzer/resident-megabytes.ts';
import { untilCounted } from '../analyzer/until-counted.ts';
import type { BenchContext, RowResult } from '../row.ts';

const RECORDS = 1_000_000;

/** A new analyzer reads, numbers and stores a whole topic; beside it, a loop that reads and decodes the same. */
export async function run(context: BenchContext): Promise<RowResult> {
  const topic = await fillTopic(context, RECORDS);
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-replay-'));
  try {
    const loopMs = await readLoop(context, topic, RECORDS);
    const start = performance.now();
    const analyzer = await startAnalyzer({
      kafkaBrokers: context.kafkaBrokers.join(','),
      registryUrl: context.registryUrl,
      schemasDir: topic.schemasDir,
      dataDir,
    });
    await untilCounted(analyzer.url, topic.stream.name, RECORDS);
    const replayMs = performance.now() - start;
    const memory = await residentMegabytes(analyzer.pid);
    await analyzer.stop();
    const { size } = await stat(join(dataDir, 'analyzer', 'analyzer.duckdb'));
    return {
      name: 'analyzer: cold replay of 1M records to ready',
      rawName: 'kafkajs + avsc read loop',
      raw: RECORDS / (loopMs / 1_000),
      ours: RECORDS / (replayMs / 1_000),
      unit: 'records/s',
      bar: 0.4,
      notes: [
        `from the start of the process to all ${RECORDS} numbered: ${(replayMs / 1_000).toFixed(1)} s`,
        `memory ${memory} MB; disk ${(size / 1e6).toFixed(0)} MB per million records`,
      ],
    };
  } finally {
    await topic.remove();
    await rm(dataDir, { recursive: true });
  }
}
