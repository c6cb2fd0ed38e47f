import { randomUUID } from 'node:crypto';
import type { Log } from '@millrace/core/log/create-log';
import { smaller } from '@millrace/core/order/offsets';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Admin } from '@millrace/core/stream/admin';
import { type Batch, type Consumption, consume } from '@millrace/core/stream/consume';
import type { Kafka } from '@millrace/core/stream/kafka';
import { partitionName } from '@millrace/core/stream/partition-name';

/** Offsets of a partition, from one up to another. */
export type OffsetRange = {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
};

type ReadOptions<Range extends OffsetRange> = {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly groupPrefix: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Records of a range, in order; it is not read on until this resolves. */
  readonly onRead: (range: Range, records: Batch['records'], nextOffset: bigint) => Promise<void>;
  /** Called once for each range, when nothing of it is left to read. */
  readonly onEnd: (range: Range) => Promise<void>;
  /** Whether enough of a range is in memory. Asked again after each `onRead` and `onEnd`: it is read on once the answer is no. */
  readonly isFull: (range: Range) => boolean;
};

/** Reads ranges of topics, each in its order, with a consumer of its own; resolves when all of them are read. */
export async function readRanges<Range extends OffsetRange>(
  ranges: readonly Range[],
  { kafka, admin, groupPrefix, log, signal, onRead, onEnd, isFull }: ReadOptions<Range>,
): Promise<void> {
  const left = new Map<string, Range>();
  for (const range of ranges)
    if (range.from < range.to) left.set(partitionName(range.topic, range.partition), range);
    else await onEnd(range);
  if (left.size === 0) return;

  const starts = new Map(ranges.map(({ topic, partition, from }) => [partitionName(topic, partition), from]));
  const paused = new Set<Range>();
  const consuming = withResolvers<Consumption>();
  const { promise: finished, resolve: finish, reject: fail } = withResolvers();
  const onAbort = () => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const consumption = await consume({
    ...{ kafka, admin, log, commitHints: false, readAhead: true },
    groupId: `${groupPrefix}rules-history-${randomUUID()}`,
    topics: [...new Set([...left.values()].map(({ topic }) => topic))],
    checkpoint: async (topic, partition) => starts.get(partitionName(topic, partition)),
    async onBatch({ topic, partition, records, nextOffset }) {
      const range = left.get(partitionName(topic, partition));
      if (!range) return;
      const own = records.filter(({ offset }) => offset < range.to);
      if (own.length > 0) await onRead(range, own, smaller(nextOffset, range.to));
      if (nextOffset >= range.to) await end(range);
      pace(await consuming.promise);
    },
    onSkipped(topic, partition, nextOffset) {
      const range = left.get(partitionName(topic, partition));
      if (range && nextOffset >= range.to) end(range).then(async () => pace(await consuming.promise), fail);
    },
  });
  consuming.resolve(consumption);
  try {
    await Promise.race([finished, consumption.done]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await consumption.close();
  }

  async function end(range: Range): Promise<void> {
    left.delete(partitionName(range.topic, range.partition));
    await onEnd(range);
    if (left.size === 0) finish();
  }

  /** One that is full waits for others, of which one at least is not: the order goes on with what that one brings. */
  function pace(running: Consumption): void {
    for (const range of left.values()) {
      const { topic, partition } = range;
      if (!isFull(range)) {
        if (paused.delete(range)) running.resume(topic, partition);
      } else if (!paused.has(range)) {
        paused.add(range);
        running.pause(topic, partition);
      }
    }
  }
}
