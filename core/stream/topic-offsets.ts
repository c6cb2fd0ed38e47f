import type { Admin } from './admin.ts';

export type PartitionOffsets = {
  readonly partition: number;
  readonly lowOffset: bigint;
  readonly logEndOffset: bigint;
};

/** The part of an admin that says where topics start and end. */
export type OffsetReader = Pick<Admin, 'fetchOffsets'>;

/** The first offset that a topic's partitions still hold, and the offset that the next record will get. */
export async function topicOffsets(admin: OffsetReader, topic: string): Promise<PartitionOffsets[]> {
  const offsets = await admin.fetchOffsets(topic);
  return offsets.sort((a, b) => a.partition - b.partition);
}
