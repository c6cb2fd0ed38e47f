import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import type { Stream } from '../schema/stream.ts';

const FOREVER = '-1';
/** A dead letter is a record as large as any, and headers that say why it is there. */
export const DEAD_LETTER_BYTES = 4 * 1024 * 1024;
const LED_WITHIN_MS = 15_000;
const LED_POLL_MS = 50;

/**
 * Creates the topics that are missing, with the settings that the streams ask for: append time as the time of a record,
 * history kept forever unless `retention` says otherwise, room for any record and its headers among the dead letters.
 * Existing topics are left as they are. Safe to call from several services at once.
 */
export async function ensureTopics(admin: Admin, streams: readonly Stream[], replicationFactor: number): Promise<void> {
  const topics = streams.flatMap((stream) => [
    {
      topic: stream.topic,
      retention: stream.retentionMs?.toString() ?? FOREVER,
      partitions: stream.partitions,
      more: [],
    },
    {
      topic: stream.deadLetterTopic,
      retention: FOREVER,
      partitions: 1,
      more: [{ name: 'max.message.bytes', value: String(DEAD_LETTER_BYTES) }],
    },
  ]);
  await admin.createTopics({
    waitForLeaders: false,
    topics: topics.map(({ topic, retention, partitions, more }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor,
      configEntries: [
        { name: 'message.timestamp.type', value: 'LogAppendTime' },
        { name: 'retention.ms', value: retention },
        { name: 'retention.bytes', value: '-1' },
        ...more,
      ],
    })),
  });
  await untilLed(
    admin,
    topics.map(({ topic }) => topic),
  );
}

/**
 * Waits until the broker knows every partition's leader. Not kafkajs's `waitForLeaders`: it gives up at once when the
 * broker has not yet heard of the topic from the controller, and does not wait for one that somebody else is making.
 */
async function untilLed(admin: Admin, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + LED_WITHIN_MS;
  for (;;) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
      if (topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)))
        return;
    } catch (error) {
      if (!isNotYet(error) || Date.now() > deadline) throw error;
    }
    await pause(LED_POLL_MS);
  }
}

const isNotYet = (error: unknown) =>
  error instanceof Error &&
  'type' in error &&
  (error.type === 'UNKNOWN_TOPIC_OR_PARTITION' || error.type === 'LEADER_NOT_AVAILABLE');

/** How many partitions each topic has. */
export async function partitionCounts(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}
