import type { Admin } from 'kafkajs';

export type PartitionOffsets = {
  readonly partition: number;
  readonly lowOffset: bigint;
  readonly logEndOffset: bigint;
};

/** The first offset that a topic's partitions still hold, and the offset that the next record will get. */
export async function topicOffsets(admin: Admin, topic: string): Promise<PartitionOffsets[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets
    .map(({ partition, low, high }) => ({ partition, lowOffset: BigInt(low), logEndOffset: BigInt(high) }))
    .sort((a, b) => a.partition - b.partition);
}
