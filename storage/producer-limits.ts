import { DEAD_LETTER_BYTES } from '@millrace/core/stream/ensure-topics';

/** Of what writes dead letters and sends them back. */
export const PRODUCER_LIMITS = {
  deadlineMs: 10_000,
  maxInFlightRecords: 100_000,
  maxInFlightBytes: 256 * 1024 * 1024,
  maxRecordBytes: DEAD_LETTER_BYTES,
};
