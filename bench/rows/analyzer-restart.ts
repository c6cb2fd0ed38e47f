import { withWorld } from '../bench-world.ts';
import { fillTopic } from '../fill-topic.ts';
import { residentMegabytes } from '../measure/resident-megabytes.ts';
import { untilCounted, untilReady } from '../measure/until-counted.ts';
import type { BenchContext, RowResult } from '../row.ts';

const RECORDS = 1_000_000;
const TARGET_MS = 2_000;

/** An analyzer is killed with a million records stored, and starts again: until it is ready, which means caught up. */
export async function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    await fillTopic(world, RECORDS);
    const { name } = world.stream();
    const first = await world.start('analyzer');
    await untilCounted(first.url, name, RECORDS);
    await first.kill();
    const from = performance.now();
    const second = await world.start('analyzer');
    const listenMs = performance.now() - from;
    await untilReady(second.url);
    const readyMs = performance.now() - from;
    return {
      name: 'analyzer: warm restart at 1M records to ready',
      rawName: 'the time allowed',
      raw: TARGET_MS,
      ours: readyMs,
      unit: 'ms',
      bar: 1,
      better: 'lower',
      residentMegabytes: await residentMegabytes(second.pid),
      notes: [`after kill -9; listening after ${Math.round(listenMs)} ms, ready after ${Math.round(readyMs)} ms`],
    };
  });
}
