import type { ConsumedRecord } from '@millrace/core/stream/consume';

/** A record that can never be stored as it is, and why. */
export type Rejected = {
  readonly record: ConsumedRecord;
  /** Where it failed: read as Avro, made into a row, taken by the database, or compared with the event of the same id. */
  readonly stage: 'decode' | 'table' | 'insert' | 'conflict';
  readonly code: 'undecodable' | 'does-not-fit' | 'refused' | 'idempotency-conflict';
  readonly reason: string;
  readonly eventId?: string | undefined;
};
