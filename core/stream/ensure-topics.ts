import type { Admin } from 'kafkajs';
import type { Stream } from '../schema/stream.ts';

const FOREVER = '-1';

/**
 * Creates the topics that are missing, with the settings that the streams ask for: append time as the time of a record,
 * history kept forever unless `retention` says otherwise. Existing topics are left as they are.
 * Safe to call from several services at once.
 */
export async function ensureTopics(admin: Admin, streams: readonly Stream[], replicationFactor: number): Promise<void> {
  const topics = streams.flatMap((stream) => [
    { topic: stream.topic, retention: stream.retentionMs?.toString() ?? FOREVER, partitions: stream.partitions },
    { topic: stream.deadLetterTopic, retention: FOREVER, partitions: 1 },
  ]);
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map(({ topic, retention, partitions }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor,
      configEntries: [
        { name: 'message.timestamp.type', value: 'LogAppendTime' },
        { name: 'retention.ms', value: retention },
        { name: 'retention.bytes', value: '-1' },
      ],
    })),
  });
}

/** How many partitions each topic has. */
export async function partitionCounts(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}
