import type { Kafka } from './kafka.ts';
import { type PartitionOffsets, topicOffsets } from './topic-offsets.ts';

export type LogEnds = {
  /** The ends of a topic's partitions, records of open transactions included: nothing will ever appear before them. */
  of(topic: string): Promise<PartitionOffsets[]>;
  close(): Promise<void>;
};

/** Asks Kafka where topics really end, past the last stable offset. */
export async function openLogEnds(kafka: Pick<Kafka, 'openAdmin'>): Promise<LogEnds> {
  const admin = await kafka.openAdmin({ readUncommitted: true });
  return { of: (topic) => topicOffsets(admin, topic), close: admin.close };
}
