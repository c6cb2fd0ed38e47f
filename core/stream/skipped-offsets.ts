import type { Admin } from './admin.ts';

/**
 * The group whose committed offsets say up to where batches that can't be read are passed over. It has no members. Kafka
 * forgets an offset a week after it was committed, and with its topic.
 */
const GROUP = 'millrace-skipped';

/** Has every consumer pass over what can't be read of a partition below the offset. What can be read is never passed over. */
export async function skipUnreadable(
  admin: Pick<Admin, 'commitOffsets'>,
  topic: string,
  partition: number,
  toOffset: bigint,
): Promise<void> {
  await admin.commitOffsets(GROUP, topic, new Map([[partition, toOffset]]));
}

/** The offset below which what can't be read of a partition is passed over; 0 while nobody has asked for it. */
export async function skippedTo(
  admin: Pick<Admin, 'committedOffsets'>,
  topic: string,
  partition: number,
): Promise<bigint> {
  return (await admin.committedOffsets(GROUP, topic)).get(partition) ?? 0n;
}
