import type { Database } from '@millrace/core/database/open-database';
import { larger } from '@millrace/core/order/offsets';
import { type OffsetReader, topicOffsets } from '@millrace/core/stream/topic-offsets';
import { consumerOf } from '../delivery/delivery.ts';
import { countAhead, readNextOffsets } from '../store/status.ts';

/** How many records of its topic a delivery has not tried yet, whether they match its filter or not. */
export async function countUnread(
  db: Database,
  admin: OffsetReader,
  deliveryId: string,
  topic: string,
): Promise<number> {
  const [next, ahead, offsets] = await Promise.all([
    readNextOffsets(db, consumerOf(deliveryId), topic),
    countAhead(db, deliveryId, consumerOf(deliveryId), topic),
    topicOffsets(admin, topic),
  ]);
  const unread = offsets.map(({ partition, lowOffset, logEndOffset }) => {
    const from = next.get(partition) ?? lowOffset;
    return Math.max(0, Number(logEndOffset - larger(from, lowOffset)));
  });
  return Math.max(0, unread.reduce((sum, each) => sum + each, 0) - ahead);
}
