import { untilReady } from '../measure/until-counted.ts';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { timeWon } from '../rules/time-won.ts';
import { SETTINGS, withRules } from '../rules/with-rules.ts';

const ALLOWED_MS = 300;

/** From a POST to the receiver until the event that it won is read from Kafka: the 95th percentile beside the time allowed. */
export const run = (context: BenchContext): Promise<RowResult> =>
  withRules(context, async (world) => {
    const runs = world.stream('running');
    const [receiver, rules] = [await world.start('receiver'), await world.start('rules', { env: SETTINGS })];
    for (const { url } of [receiver, rules]) await untilReady(url);
    const rule = { name: 'every run', kind: 'win', streams: [runs.name], when: 'event.distance > 0' };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${rules.url}/v1/rules`, { method: 'POST', headers, body: JSON.stringify(rule) });
    const watch = watchProcess(rules.url);
    const times = await timeWon(world, world.stream('rewards/won-events'), `${receiver.url}${runs.path}`);
    return {
      name: 'POST to won event, p95',
      rawName: 'the time allowed',
      raw: ALLOWED_MS,
      ours: times.p95,
      unit: 'ms',
      bar: 1,
      better: 'lower',
      ...watch.peaks(),
      notes: [
        `p50 ${times.p50.toFixed(0)} ms, p95 ${times.p95.toFixed(0)} ms, p99 ${times.p99.toFixed(0)} ms over ${times.count} events, 10 a second, from the POST sent to the won event read`,
      ],
    };
  });
