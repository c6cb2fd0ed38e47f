import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fillTopic } from '../analyzer/fill-topic.ts';
import { readLoop } from '../analyzer/read-loop.ts';
import { residentMegabytes } from '../analyzer/resident-megabytes.ts';
import { untilCounted } from '../analyzer/until-counted.ts';
import { withAnalyzer } from '../analyzer/with-analyzer.ts';
import type { BenchContext, RowResult } from '../row.ts';

const RECORDS = 1_000_000;

/** A new analyzer reads, numbers and stores a whole topic; beside it, a loop that reads and decodes the same. */
export async function run(context: BenchContext): Promise<RowResult> {
  const topic = await fillTopic(context, RECORDS);
  try {
    return await withAnalyzer(context, topic, async ({ start, dataDir }) => {
      const loopMs = await readLoop(context, topic, RECORDS);
      const from = performance.now();
      const analyzer = await start();
      const startedMs = performance.now() - from;
      await untilCounted(analyzer.url, topic.stream.name, RECORDS);
      const replayMs = performance.now() - from;
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
        residentMegabytes: memory,
        diskMegabytes: size / 1e6,
        notes: [
          `from the start of the process to all ${RECORDS} numbered: ${seconds(replayMs)}, of which ${seconds(startedMs)} to listen`,
        ],
      };
    });
  } finally {
    await topic.remove();
  }
}

const seconds = (millis: number) => `${(millis / 1_000).toFixed(1)} s`;
