import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLoop } from '../analyzer/read-loop.ts';
import { withWorld } from '../bench-world.ts';
import { fillTopic } from '../fill-topic.ts';
import { residentMegabytes } from '../measure/resident-megabytes.ts';
import { untilCounted } from '../measure/until-counted.ts';
import type { BenchContext, RowResult } from '../row.ts';

const RECORDS = 1_000_000;

/** A new analyzer reads, numbers and stores a whole topic; beside it, a loop that reads and decodes the same. */
export async function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    await fillTopic(world, RECORDS);
    const { name } = world.stream();
    const loopMs = await readLoop(context, world.stream(), RECORDS);
    const from = performance.now();
    const analyzer = await world.start('analyzer');
    const startedMs = performance.now() - from;
    await untilCounted(analyzer.url, name, RECORDS);
    const replayMs = performance.now() - from;
    const memory = await residentMegabytes(analyzer.pid);
    await analyzer.stop();
    const { size } = await stat(join(world.dataDir, 'analyzer', 'analyzer.duckdb'));
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
}

const seconds = (millis: number) => `${(millis / 1_000).toFixed(1)} s`;
