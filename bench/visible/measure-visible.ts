import type { RunningService } from '@millrace/core/harness/start-service';
import { startReceiver } from '@millrace/receiver/harness/start-receiver';
import { untilReady } from '../analyzer/until-ready.ts';
import { type BenchStream, createBenchStream } from '../receiver/bench-stream.ts';
import { watchProcess } from '../receiver/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { timeVisible } from './time-visible.ts';

type VisibleOptions = {
  /** The service in which events become visible. */
  readonly service: string;
  readonly allowedMs: number;
  start(stream: BenchStream): Promise<RunningService>;
  addressOf(url: string, stream: BenchStream, eventId: string): string;
};

/** From a POST to the receiver until another service answers with the event: the 95th percentile beside the time allowed. */
export async function measureVisible(context: BenchContext, options: VisibleOptions): Promise<RowResult> {
  const { service, allowedMs } = options;
  const stream = await createBenchStream();
  const started: RunningService[] = [];
  try {
    const receiver = await startReceiver({
      kafkaBrokers: context.kafkaBrokers.join(','),
      registryUrl: context.registryUrl,
      schemasDir: stream.schemasDir,
    });
    started.push(receiver);
    await untilReady(receiver.url);
    const { url, ...reader } = await options.start(stream);
    started.push({ url, ...reader });
    await untilReady(url);
    const watch = watchProcess(url);
    const times = await timeVisible(`${receiver.url}${stream.path}`, (id) => options.addressOf(url, stream, id));
    return {
      name: `POST to visible in ${service}, p95`,
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
  } finally {
    for (const each of started.reverse()) await each.stop();
    await stream.close();
  }
}
