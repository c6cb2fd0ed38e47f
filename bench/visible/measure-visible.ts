import { withWorld } from '../bench-world.ts';
import { untilReady } from '../measure/until-counted.ts';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { timeVisible } from './time-visible.ts';

type VisibleOptions = {
  /** The service in which events become visible. */
  readonly service: 'storage' | 'analyzer';
  readonly allowedMs: number;
  /** The route that answers with one event. */
  routeOf(stream: { readonly path: string; readonly name: string }, eventId: string): string;
};

/** From a POST to the receiver until another service answers with the event: the 95th percentile beside the time allowed. */
export function measureVisible(context: BenchContext, options: VisibleOptions): Promise<RowResult> {
  const { service, allowedMs, routeOf } = options;
  return withWorld(context, async (world) => {
    const stream = world.stream();
    const receiver = await world.start('receiver');
    await untilReady(receiver.url);
    const { url } = await world.start(service);
    await untilReady(url);
    const watch = watchProcess(url);
    const times = await timeVisible(`${receiver.url}${stream.path}`, (id) => `${url}${routeOf(stream, id)}`);
    return {
      name: `POST to visible in ${service === 'analyzer' ? 'the analyzer' : service}, p95`,
      rawName: 'the time allowed',
      raw: allowedMs,
      ours: times.p95,
      unit: 'ms',
      bar: 1,
      better: 'lower',
      ...watch.peaks(),
      notes: [
        `p50 ${times.p50.toFixed(0)} ms, p95 ${times.p95.toFixed(0)} ms, p99 ${times.p99.toFixed(0)} ms over ${times.count} events, 10 a second, from the POST sent to the answer that has the event`,
      ],
    };
  });
}
