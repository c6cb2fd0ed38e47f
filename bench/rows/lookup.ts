import { setTimeout as sleep } from 'node:timers/promises';
import { readLoop } from '../analyzer/read-loop.ts';
import { timeLookups } from '../analyzer/time-lookups.ts';
import { withWorld } from '../bench-world.ts';
import { fillTopic } from '../fill-topic.ts';
import { residentMegabytes } from '../measure/resident-megabytes.ts';
import { untilCounted } from '../measure/until-counted.ts';
import type { BenchContext, RowResult } from '../row.ts';

const SMALL = 10_000;
const MIDDLE = 100_000;
const LARGE = 1_000_000;
const SECONDS = 5;

/** One event by its number, at three sizes of history; beside it the naive way, a scan of the topic for each event. */
export async function run(context: BenchContext): Promise<RowResult> {
  const small = await measure(context, SMALL);
  const middle = await measure(context, MIDDLE);
  const large = await measure(context, LARGE);
  return {
    name: 'lookup by index, p50 at 1M records',
    rawName: 'at 10k records',
    raw: small.times.p50,
    ours: large.times.p50,
    unit: 'ms',
    bar: 1.5,
    better: 'lower',
    residentMegabytes: large.memory,
    notes: [
      ...[small, middle, large].map(
        ({ records, times, scanMs }) =>
          `at ${records} records: p50 ${ms(times.p50)}, p99 ${ms(times.p99)} over ${times.count} lookups, one at a time over HTTP; the naive way, scanning the topic for one event, ${ms(scanMs)}`,
      ),
    ],
  };
}

async function measure(context: BenchContext, records: number) {
  return withWorld(context, async (world) => {
    await fillTopic(world, records);
    const { name } = world.stream();
    const scanMs = await readLoop(context, world.stream(), records);
    const { url, pid } = await world.start('analyzer');
    await untilCounted(url, name, records);
    const times = await timeLookups(url, name, () => records, sleep(SECONDS * 1_000));
    return { records, scanMs, times, memory: await residentMegabytes(pid) };
  });
}

const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
