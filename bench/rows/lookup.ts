import { setTimeout as sleep } from 'node:timers/promises';
import { fillTopic } from '../analyzer/fill-topic.ts';
import { readLoop } from '../analyzer/read-loop.ts';
import { residentMegabytes } from '../analyzer/resident-megabytes.ts';
import { timeLookups } from '../analyzer/time-lookups.ts';
import { untilCounted } from '../analyzer/until-counted.ts';
import { withAnalyzer } from '../analyzer/with-analyzer.ts';
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
  const topic = await fillTopic(context, records);
  const { name } = topic.stream;
  try {
    return await withAnalyzer(context, topic, async ({ start }) => {
      const scanMs = await readLoop(context, topic, records);
      const { url, pid } = await start();
      await untilCounted(url, name, records);
      const times = await timeLookups(url, name, () => records, sleep(SECONDS * 1_000));
      return { records, scanMs, times, memory: await residentMegabytes(pid) };
    });
  } finally {
    await topic.remove();
  }
}

const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
