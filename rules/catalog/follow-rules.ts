import { randomUUID } from 'node:crypto';
import type { Log } from '@millrace/core/log/create-log';
import { createWake } from '@millrace/core/order/wake';
import { Problem } from '@millrace/core/problem/problem';
import type { Admin } from '@millrace/core/stream/admin';
import { consume } from '@millrace/core/stream/consume';
import type { Kafka } from '@millrace/core/stream/kafka';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { type Catalog, createCatalog, type UnusableRecord } from './catalog.ts';
import type { ReadRules } from './read-rules.ts';

type FollowOptions = {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly topic: string;
  readonly groupPrefix: string;
  readonly read: ReadRules;
  /** Called with each record that can't be used. */
  readonly onUnusable?: (record: UnusableRecord) => void;
  readonly log: Log;
};

export type FollowedRules = {
  readonly catalog: Catalog;
  /** Resolves once everything is in the catalog that the topic held when it was called. */
  upToDate(): Promise<void>;
  /** The first offset that was not read. */
  nextOffset(partition: number): bigint;
  readonly done: Promise<never>;
  close(): Promise<void>;
};

const WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 250;

/** Reads the whole topic of rules, in every process, and follows it. */
export async function followRules({
  kafka,
  admin,
  topic,
  groupPrefix,
  read,
  onUnusable = () => undefined,
  log,
}: FollowOptions): Promise<FollowedRules> {
  const catalog = createCatalog();
  const next = new Map<number, { readonly offset: bigint; readonly orderTime: number }>();
  const wakes = new Set<() => void>();
  const consumption = await consume({
    ...{ kafka, admin, log, topics: [topic], groupId: `${groupPrefix}rules-${randomUUID()}`, commitHints: false },
    checkpoint: async (_, partition) => next.get(partition)?.offset,
    async onBatch({ partition, records, nextOffset: offset }) {
      const before = next.get(partition) ?? { offset: 0n, orderTime: Number.NEGATIVE_INFINITY };
      const fresh = records.filter((record) => record.offset >= before.offset);
      const found = await read(partition, fresh, before.orderTime);
      next.set(partition, { offset, orderTime: found.at(-1)?.at ?? before.orderTime });
      catalog.add(found);
      for (const record of found) {
        const { says } = record;
        if (says.kind === 'nothing') onUnusable({ ...record, says });
      }
      for (const wake of wakes) wake();
    },
    onSkipped(_, partition, offset) {
      const before = next.get(partition);
      if (offset > (before?.offset ?? 0n))
        next.set(partition, { offset, orderTime: before?.orderTime ?? Number.NEGATIVE_INFINITY });
      for (const wake of wakes) wake();
    },
  });
  const nextOffset = (partition: number) => next.get(partition)?.offset ?? 0n;

  return {
    catalog,
    nextOffset,
    async upToDate() {
      const ends = await topicOffsets(admin, topic);
      const deadline = Date.now() + WITHIN_MS;
      const wake = createWake();
      wakes.add(wake.notify);
      try {
        while (ends.some((end) => end.logEndOffset > end.lowOffset && nextOffset(end.partition) < end.logEndOffset)) {
          if (Date.now() > deadline) throw new Problem('kafka-unavailable', 'The stream of rules is not read in time.');
          await wake.wait(LOOK_EVERY_MS);
        }
      } finally {
        wakes.delete(wake.notify);
      }
    },
    done: consumption.done,
    close: consumption.close,
  };
}
