import type { Log } from '@millrace/core/log/create-log';
import type { Progress } from '@millrace/core/stream/progress';
import { type OffsetReader, topicOffsets } from '@millrace/core/stream/topic-offsets';
import type { StorageMetrics } from './storage-metrics.ts';

const EVERY_MS = 5_000;

type LagOptions = {
  readonly admin: OffsetReader;
  readonly progress: Progress;
  readonly metrics: StorageMetrics;
  readonly log: Log;
};

/** The lag of the partitions assigned here: asked for readiness, and kept in the metrics. */
export function observeLag({ admin, progress, metrics, log }: LagOptions) {
  const timer = setInterval(() => {
    measure().catch((err: unknown) => log.debug({ err }, 'lag was not measured'));
  }, EVERY_MS);
  timer.unref();

  return {
    /** The sum over the partitions. Rejects when Kafka does not say. */
    lag: measure,
    close: () => clearInterval(timer),
  };

  async function measure(): Promise<bigint> {
    const positions = progress.positions();
    const topics = [...new Set(positions.map(({ topic }) => topic))];
    const ends = await Promise.all(topics.map(async (topic) => [topic, await topicOffsets(admin, topic)] as const));
    const offsets = new Map(ends);
    metrics.lag.reset();
    let sum = 0n;
    for (const { topic, partition, nextOffset } of positions) {
      const held = offsets.get(topic)?.find((each) => each.partition === partition);
      if (!held) continue;
      const next = nextOffset ?? held.lowOffset;
      const lag = held.logEndOffset > next ? held.logEndOffset - next : 0n;
      metrics.lag.set({ topic, partition }, Number(lag));
      sum += lag;
    }
    return sum;
  }
}
