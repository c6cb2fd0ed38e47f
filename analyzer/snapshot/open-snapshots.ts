import { randomUUID } from 'node:crypto';
import type { Log } from '@millrace/core/log/create-log';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { consume } from '@millrace/core/stream/consume';
import { createProducer, type Producer } from '@millrace/core/stream/create-producer';
import type { Kafka } from '@millrace/core/stream/kafka';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { type NumberingSnapshot, parseSnapshot, snapshotText } from './numbering-snapshot.ts';

type SnapshotsOptions = {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly groupPrefix: string;
  readonly replicationFactor: number;
  readonly log: Log;
};

/** `start` is about the first record that retention has left, `end` about the newest. */
export type Kind = 'start' | 'end';

/** The numbering snapshots that all analyzers publish of topics whose start is gone or will be. They live in Kafka. */
export type Snapshots = {
  /** The newest of each kind about a stream. */
  read(stream: Stream): Promise<NumberingSnapshot[]>;
  /** Publishes the snapshot, or retracts the one of that kind. */
  publish(stream: Stream, kind: Kind, snapshot: NumberingSnapshot | undefined): Promise<void>;
  close(): Promise<void>;
};

export const NUMBERING_TOPIC = 'millrace-numbering';
const DEADLINE_MS = 3_000;

/** Neither the topic nor a connection is made before there is something to publish. */
export function openSnapshots({ kafka, admin, groupPrefix, replicationFactor, log }: SnapshotsOptions): Snapshots {
  let producer: Promise<Producer> | undefined;

  return {
    async read({ topic }) {
      const found = await readAll();
      return [...found].flatMap(([key, text]) => {
        const [of, kind] = [key.slice(0, key.lastIndexOf('/')), key.slice(key.lastIndexOf('/') + 1)];
        const snapshot = of === topic && (kind === 'start' || kind === 'end') && text ? parseSnapshot(text) : undefined;
        return snapshot ? [snapshot] : [];
      });
    },
    async publish({ topic }, kind, snapshot) {
      producer ??= openProducer();
      producer.catch(() => {
        producer = undefined;
      });
      const value = snapshot ? Buffer.from(snapshotText(snapshot)) : null;
      const opened = await producer;
      try {
        await opened.produce(NUMBERING_TOPIC, [{ partition: 0, key: Buffer.from(`${topic}/${kind}`), value }]);
      } catch (error) {
        /** The topic may be missing: the next one creates it again. */
        if ((await producer) === opened) producer = undefined;
        await opened.close();
        throw error;
      }
    },
    async close() {
      await (await producer)?.close();
    },
  };

  async function openProducer(): Promise<Producer> {
    const config = { 'cleanup.policy': 'compact' };
    await admin.createTopics([{ topic: NUMBERING_TOPIC, partitions: 1, config }], replicationFactor);
    return createProducer(kafka, { deadlineMs: DEADLINE_MS, maxInFlightRecords: 1_000, maxInFlightBytes: 10_000_000 });
  }

  /** By key, the newest value; null where it was retracted. */
  async function readAll(): Promise<ReadonlyMap<string, string | null>> {
    const newest = new Map<string, string | null>();
    if (!(await admin.listTopics()).includes(NUMBERING_TOPIC)) return newest;
    const [held] = await topicOffsets(admin, NUMBERING_TOPIC);
    if (!held || held.logEndOffset === held.lowOffset) return newest;
    const { promise: whole, resolve: reached } = withResolvers();
    const goTo = (offset: bigint) => offset >= held.logEndOffset && reached();
    const consumption = await consume({
      ...{ kafka, admin, log, commitHints: false, topics: [NUMBERING_TOPIC] },
      groupId: `${groupPrefix}numbering-${randomUUID()}`,
      checkpoint: async () => undefined,
      async onBatch({ records, nextOffset }) {
        for (const { key, value } of records) newest.set(key?.toString() ?? '', value?.toString() ?? null);
        goTo(nextOffset);
      },
      onSkipped: (_topic, _partition, nextOffset) => goTo(nextOffset),
    });
    await Promise.race([whole, consumption.done]).finally(consumption.close);
    return newest;
  }
}
