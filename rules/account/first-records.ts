import type { ConsumedRecord } from '@millrace/core/stream/consume';
import type { Decoded } from '@millrace/core/stream/create-decoder';
import { headerText } from '@millrace/core/stream/record-headers';

/** The first record of an account, as far as a batch shows. */
export type FirstRecord = {
  readonly accountId: string;
  readonly offset: bigint;
  readonly isClosed: boolean;
  /** Milliseconds since the epoch, by the broker's clock. */
  readonly appendTime: number;
  readonly traceparent: string | undefined;
};

/**
 * Of each account of a batch its first record. A tombstone is none, and neither is what can't be read: storage makes a dead letter of it.
 * @param decoded of the same records, in their order
 */
export function firstRecords(records: readonly ConsumedRecord[], decoded: readonly Decoded[]): FirstRecord[] {
  const found = new Map<string, FirstRecord>();
  for (const [index, { offset, appendTime, headers }] of records.entries()) {
    const one = decoded[index];
    if (one === undefined || 'fault' in one) continue;
    const { account_id: accountId, status } = one.value;
    if (typeof accountId !== 'string' || found.has(accountId)) continue;
    found.set(accountId, {
      ...{ accountId, offset, appendTime, isClosed: status === 'closed' },
      traceparent: headerText(headers, 'traceparent'),
    });
  }
  return [...found.values()];
}
