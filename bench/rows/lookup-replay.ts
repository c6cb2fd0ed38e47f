import { timeLookups } from '../analyzer/time-lookups.ts';
import { withWorld } from '../bench-world.ts';
import { fillTopic } from '../fill-topic.ts';
import { countNumbered } from '../measure/count-numbered.ts';
import { untilCounted } from '../measure/until-counted.ts';
import type { BenchContext, RowResult } from '../row.ts';

const RECORDS = 1_000_000;
const TARGET_MS = 10;
/** The number of lookups after which it is asked how many events there are by then. */
const LOOKUPS_A_COUNT = 20;

/** Events by their numbers, at random among those that have one already, while a million records are read and stored. */
export async function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    await fillTopic(world, RECORDS);
    const { name } = world.stream();
    const { url } = await world.start('analyzer');
    await untilCounted(url, name, 1);
    let lookups = 0;
    let numbered = 1;
    const below = async () => {
      if (lookups % LOOKUPS_A_COUNT === 0) numbered = await countNumbered(url, name);
      lookups += 1;
      return numbered;
    };
    const { p50, p99, count } = await timeLookups(url, name, below, untilCounted(url, name, RECORDS));
    return {
      name: 'lookup by index during a replay of 1M, p99',
      rawName: 'the time allowed',
      raw: TARGET_MS,
      ours: p99,
      unit: 'ms',
      bar: 1,
      better: 'lower',
      notes: [`p50 ${p50.toFixed(1)} ms over ${count} lookups, one at a time over HTTP`],
    };
  });
}
