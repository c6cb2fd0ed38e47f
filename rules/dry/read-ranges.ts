import { randomUUID } from 'node:crypto';
import type { Log } from '@millrace/core/log/create-log';
import { smaller } from '@millrace/core/order/offsets';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Admin } from '@millrace/core/stream/admin';
import { type Batch, consume } from '@millrace/core/stream/consume';
import type { Kafka } from '@millrace/core/stream/kafka';
import { partitionName } from '@millrace/core/stream/partition-name';

/** Offsets of a partition, from one up to another. */
export type OffsetRange = {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
};

type ReadOptions = {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly groupPrefix: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Records of a range, in order; it is not read on until this resolves. */
  readonly onRead: (range: OffsetRange, records: Batch['records'], nextOffset: bigint) => Promise<void>;
  /** Called once for each range, when nothing of it is left to read. */
  readonly onEnd: (range: OffsetRange) => void;
};

/** Reads ranges of topics, each in its order, with a consumer of its own; resolves when all of them are read. */
export async function readRanges(ranges: readonly OffsetRange[], options: ReadOptions): Promise<void> {
  const { kafka, admin, groupPrefix, log, signal, onRead, onEnd } = options;
  const left = new Map<string, OffsetRange>();
  for (const range of ranges)
    if (range.from < range.to) left.set(partitionName(range.topic, range.partition), range);
    else onEnd(range);
  if (left.size === 0) return;

  const starts = new Map(ranges.map(({ topic, partition, from }) => [partitionName(topic, partition), from]));
  const { promise: finished, resolve: finish } = withResolvers();
  const { promise: aborted, reject: abort } = withResolvers<never>();
  const onAbort = () => abort(signal.reason);
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
      if (nextOffset >= range.to) end(range);
    },
    onSkipped(topic, partition, nextOffset) {
      const range = left.get(partitionName(topic, partition));
      if (range && nextOffset >= range.to) end(range);
    },
  });
  try {
    await Promise.race([finished, consumption.done, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await consumption.close();
  }

  function end(range: OffsetRange): void {
    left.delete(partitionName(range.topic, range.partition));
    onEnd(range);
    if (left.size === 0) finish();
  }
}
