import { z } from 'zod';
import { fillTopic } from '../fill-topic.ts';
import { runProgram } from '../measure/run-program.ts';
import { untilReady } from '../measure/until-counted.ts';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { evaluatedRate } from '../rules/evaluated-rate.ts';
import { LONG_M, makeRules } from '../rules/make-rules.ts';
import { SETTINGS, withRules } from '../rules/with-rules.ts';

const EVENTS = 200_000;
const HOUR_MS = 3_600_000;
/** By how many rules there are. */
const BARS = [
  [1, 0.5],
  [10, 0.35],
  [100, 0.1],
] as const;

const printed = z.object({ ms: z.number() });

/** Runs evaluated by rules with windows; beside it, a loop that reads the same runs and writes what one rule without a window would. */
export async function run(context: BenchContext): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  for (const [rules, bar] of BARS) results.push(await measure(context, rules, bar));
  return results;
}

const measure = (context: BenchContext, rules: number, bar: number): Promise<RowResult> =>
  withRules(context, async (world) => {
    const [runs, won] = [world.stream('running'), world.stream('rewards/won-events')];
    const maker = await world.start('rules', { env: SETTINGS });
    await makeRules(maker.url, runs.name, rules);
    await maker.stop();
    await fillTopic(world, EVENTS, { spreadMs: HOUR_MS / 2 });
    const schemas = [runs.topic, JSON.stringify(runs.avro), String(EVENTS), won.topic, JSON.stringify(won.avro)];
    const brokers = context.kafkaBrokers.join(',');
    const { ms } = printed.parse(await runProgram('rules/bare-loop', [brokers, ...schemas, String(LONG_M)]));

    const service = await world.start('rules', { env: SETTINGS });
    const watch = watchProcess(service.url);
    const rate = await evaluatedRate(service.url, EVENTS, rules);
    const peaks = watch.peaks();
    await untilReady(service.url);
    const evaluations = Math.round(rate * rules).toLocaleString('en');
    return {
      name: `rules: ${rules} with windows, events evaluated live`,
      rawName: 'a loop of kafkajs and avsc that reads and writes for one rule without a window',
      raw: EVENTS / (ms / 1_000),
      ours: rate,
      unit: 'events/s',
      bar,
      ...peaks,
      notes: [
        `${EVENTS} events of 1,000 accounts, ${evaluations} evaluations a second; one in a hundred wins by the first rule`,
      ],
    };
  });
