import type { Value } from '@millrace/core/schema/from-json';
import type { Batch } from '@millrace/core/stream/consume';
import type { DecodeBatch } from '@millrace/core/stream/create-decoder';

/** A record that waits for its number. */
export type PendingRecord = {
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since the epoch, by the broker's clock. */
  readonly appendTime: number;
  /** The running maximum of append times in the partition. */
  readonly orderTime: number;
  /** The decoded record, or null with the reason in `fault`: such a record gets no number. */
  readonly value: Readonly<Value> | null;
  readonly fault?: string;
  /** The record's value as Kafka has it, to tell later whether the topic still holds the same. */
  readonly bytes: Buffer | null;
};

/**
 * Decodes a batch.
 * @param unfit says what is wrong with a decoded record, if anything
 * @param orderTime of the partition's last record before the batch
 */
export async function pendingRecords(
  { partition, records }: Batch,
  decode: DecodeBatch,
  unfit: (value: Readonly<Value>) => string | undefined,
  orderTime: number,
): Promise<PendingRecord[]> {
  const decoded = await decode(records.map(({ value }) => value));
  let time = orderTime;
  return records.map(({ offset, appendTime, value: bytes }, index) => {
    time = Math.max(time, appendTime);
    const place = { partition, offset, appendTime, orderTime: time, bytes };
    const outcome = decoded[index];
    if (!outcome || 'fault' in outcome) return { ...place, value: null, fault: outcome?.fault ?? 'was not decoded' };
    const fault = unfit(outcome.value);
    return fault === undefined ? { ...place, value: outcome.value } : { ...place, value: null, fault };
  });
}
