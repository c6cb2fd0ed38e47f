import { setTimeout as sleep } from 'node:timers/promises';
import { fillTopic } from '../analyzer/fill-topic.ts';
import { readLoop } from '../analyzer/read-loop.ts';
import { timeLookups } from '../analyzer/time-lookups.ts';
import { untilCounted } from '../analyzer/until-counted.ts';
import { withAnalyzer } from '../analyzer/with-analyzer.ts';
import type { BenchContext, RowResult } from '../row.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;
const SECONDS = 5;

/** One event by its number, at two sizes of history, and while the larger is still being replayed. */
export async function run(context: BenchContext): Promise<RowResult> {
  const small = await measure(context, SMALL);
  const large = await measure(context, LARGE);
  return {
    name: 'lookup by index, p50 at 1M records',
    rawName: 'at 10k records',
    raw: small.quiet.p50,
    ours: large.quiet.p50,
    unit: 'ms',
    bar: 1.5,
    better: 'lower',
    notes: [
      `at 1M: p50 ${ms(large.quiet.p50)}, p99 ${ms(large.quiet.p99)} over ${large.quiet.count} lookups, one at a time over HTTP`,
      `during the replay of 1M: p50 ${ms(large.replaying.p50)}, p99 ${ms(large.replaying.p99)} over ${large.replaying.count} lookups (bar: p99 ≤ 10 ms)`,
      `the naive way, scanning the topic for one event: ${ms(small.scanMs)} at 10k, ${ms(large.scanMs)} at 1M`,
    ],
  };
}

async function measure(context: BenchContext, records: number) {
  const topic = await fillTopic(context, records);
  const { name } = topic.stream;
  try {
    return await withAnalyzer(context, topic, async ({ start }) => {
      const scanMs = await readLoop(context, topic, records);
      const { url } = await start();
      await untilCounted(url, name, 1);
      const replayed = untilCounted(url, name, records);
      const replaying = await timeLookups(url, name, () => 1, replayed);
      await replayed;
      const quiet = await timeLookups(url, name, () => records, sleep(SECONDS * 1_000));
      return { scanMs, replaying, quiet };
    });
  } finally {
    await topic.remove();
  }
}

const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
