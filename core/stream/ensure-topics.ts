import type { Admin } from 'kafkajs';
import { retry } from '../retry/retry.ts';
import type { Stream } from '../schema/stream.ts';
import { refusalOf } from './kafka-fault.ts';

const FOREVER = '-1';
/** A dead letter is a record as large as any, and headers that say why it is there. */
export const DEAD_LETTER_BYTES = 4 * 1024 * 1024;
const LED_WITHIN_MS = 15_000;

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
  const isWorthWaiting = (error: unknown) => isNotLedYet(error) && Date.now() < deadline;
  await retry({ while: isWorthWaiting, firstDelayMs: 50, maxDelayMs: 200 }, async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    const leaderless = topics.find(
      ({ partitions }) => partitions.length === 0 || partitions.some(({ leader }) => leader < 0),
    );
    if (leaderless) throw new NotLed(`${leaderless.name} has a partition without a leader`);
  });
}

class NotLed extends Error {}

const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);
const isNotLedYet = (error: unknown) => error instanceof NotLed || NOT_YET.has(refusalOf(error) ?? '');

/** How many partitions each topic has. */
export async function partitionCounts(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}
