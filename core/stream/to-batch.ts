import type { EachBatchPayload } from 'kafkajs';
import type { Batch } from './consume.ts';

/** What kafkajs fetched of a partition, as a batch that was read from an offset on. */
export function toBatch(batch: EachBatchPayload['batch'], fromOffset: bigint): Batch {
  return {
    topic: batch.topic,
    partition: batch.partition,
    fromOffset,
    records: batch.messages.map(({ offset, key, value, headers, timestamp }) => ({
      offset: BigInt(offset),
      key,
      value,
      headers: headers ?? {},
      appendTime: Number(timestamp),
    })),
    nextOffset: BigInt(batch.lastOffset()) + 1n,
    logEndOffset: BigInt(batch.highWatermark),
  };
}
