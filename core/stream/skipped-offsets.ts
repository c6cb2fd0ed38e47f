import type { Log } from '../log/create-log.ts';
import type { Admin } from './admin.ts';
import type { Fetched, UnreadableBatch } from './kafka-consumer.ts';

/**
 * The group whose committed offsets say up to where unreadable batches are skipped. It has no members. Kafka
 * forgets an offset a week after it was committed, and with its topic.
 */
const GROUP = 'millrace-skipped';

/** Makes every consumer skip the unreadable batches of a partition below the offset. Readable batches are never skipped. */
export async function skipUnreadable(
  admin: Pick<Admin, 'commitOffsets'>,
  topic: string,
  partition: number,
  toOffset: bigint,
): Promise<void> {
  await admin.commitOffsets(GROUP, topic, new Map([[partition, toOffset]]));
}

/** The offset below which a partition's unreadable batches are skipped; 0 without a request to skip. */
export async function skippedTo(
  admin: Pick<Admin, 'committedOffsets'>,
  topic: string,
  partition: number,
): Promise<bigint> {
  return (await admin.committedOffsets(GROUP, topic)).get(partition) ?? 0n;
}

/** The first unreadable batch without a request to skip it. */
export async function findDamage(
  admin: Pick<Admin, 'committedOffsets'>,
  { topic, partition, unreadable }: Fetched,
  log: Log,
): Promise<UnreadableBatch | undefined> {
  if (unreadable.length === 0) return undefined;
  const toOffset = await skippedTo(admin, topic, partition);
  for (const { firstOffset: offset, lastOffset: last_offset, reason } of unreadable)
    if (last_offset < toOffset)
      log.warn({ topic, partition, offset, last_offset, reason }, 'an unreadable batch is skipped');
  return unreadable.find(({ lastOffset }) => lastOffset >= toOffset);
}
