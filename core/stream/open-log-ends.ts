import type { Kafka } from 'kafkajs';
import { openAdmin } from './connect-kafka.ts';
import { type PartitionOffsets, topicOffsets } from './topic-offsets.ts';

export type LogEnds = {
  /** The ends of a topic's partitions, records of open transactions included: nothing will ever appear before them. */
  of(topic: string): Promise<PartitionOffsets[]>;
  close(): Promise<void>;
};

const READ_UNCOMMITTED = 0;

/**
 * Asks Kafka where topics really end. kafkajs has its admin ask for the last *stable* offset, before which a transaction
 * still open may bring older records later, and offers no choice; so it is given the isolation level where it makes its
 * cluster. The place is fixed: kafkajs is pinned, and has had no release since 2023. Throws when it is not there.
 */
export async function openLogEnds(kafka: Kafka): Promise<LogEnds> {
  const admin = await openAdmin(uncommitted(kafka));
  return { of: (topic) => topicOffsets(admin, topic), close: admin.close };
}

function uncommitted(kafka: Kafka): Kafka {
  const place = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const createCluster: unknown = place && Reflect.get(kafka, place);
  if (!place || typeof createCluster !== 'function') throw new Error('this kafkajs makes its cluster in another way');
  return Object.create(kafka, {
    [place]: { value: (options: object) => createCluster({ ...options, isolationLevel: READ_UNCOMMITTED }) },
  });
}
