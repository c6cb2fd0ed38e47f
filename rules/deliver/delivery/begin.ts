import { beginCheckpoint } from '@millrace/core/checkpoint/checkpoint';
import type { Transaction } from '@millrace/core/database/open-database';
import type { Admin } from '@millrace/core/stream/admin';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import type { From } from './definition.ts';
import { consumerOf } from './delivery.ts';

/** Where a new delivery reads each partition first. */
export async function firstOffsets(
  admin: Pick<Admin, 'fetchOffsets' | 'offsetsByTime'>,
  topic: string,
  from: From,
): Promise<ReadonlyMap<number, bigint>> {
  const held = await topicOffsets(admin, topic);
  const byTime = typeof from === 'number' ? await admin.offsetsByTime(topic, from) : undefined;
  return new Map(
    held.map(({ partition, lowOffset, logEndOffset }) => {
      if (from === 'start') return [partition, lowOffset];
      return [partition, byTime?.get(partition) ?? logEndOffset];
    }),
  );
}

/** Writes down where each partition begins: a partition that is added later begins at its first record. */
export async function beginAt(
  trx: Transaction,
  deliveryId: string,
  topic: string,
  offsets: ReadonlyMap<number, bigint>,
): Promise<void> {
  for (const [partition, offset] of offsets)
    await beginCheckpoint(trx, { consumer: consumerOf(deliveryId), topic, partition }, offset);
}
