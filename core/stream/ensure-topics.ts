import type { Stream } from '../schema/stream.ts';
import type { Admin, TopicSettings } from './admin.ts';
import { waitForLeaders } from './wait-for-leaders.ts';

const FOREVER = '-1';
/** A dead letter is a record as large as any, and headers that say why it is there. */
export const DEAD_LETTER_BYTES = 4 * 1024 * 1024;

export type TopicAdmin = Pick<Admin, 'createTopics' | 'partitionLeaders'>;

/**
 * Creates the topics that are missing, with the settings that the streams ask for: append time as the time of a record,
 * history kept forever unless `retention` says otherwise, room for any record and its headers among the dead letters.
 * Existing topics are left as they are. Safe to call from several services at once.
 */
export async function ensureTopics(
  admin: TopicAdmin,
  streams: readonly Stream[],
  replicationFactor: number,
): Promise<void> {
  const topics = streams.flatMap(topicsOf);
  await admin.createTopics(topics, replicationFactor);
  await waitForLeaders(
    admin,
    topics.map(({ topic }) => topic),
  );
}

function topicsOf({ topic, deadLetterTopic, partitions, retentionMs }: Stream): TopicSettings[] {
  const config = { 'message.timestamp.type': 'LogAppendTime', 'retention.bytes': '-1' };
  const retention = retentionMs?.toString() ?? FOREVER;
  const deadLetterBytes = String(DEAD_LETTER_BYTES);
  return [
    { topic, partitions, config: { ...config, 'retention.ms': retention } },
    {
      topic: deadLetterTopic,
      partitions: 1,
      config: { ...config, 'retention.ms': FOREVER, 'max.message.bytes': deadLetterBytes },
    },
  ];
}
