import type { Stream } from '@millrace/core/schema/stream';
import type { Prepare } from './prepare-changes.ts';

/**
 * Leaves out events that are past their stream's `row_retention` when they arrive, so that reading a topic again, a redrive or a
 * late repeat brings nothing back that has been removed. Not of an `upsert` stream: there such a record may still
 * replace an older row, and is removed in its place.
 */
export function leaveOutExpired({ store, time, rowRetentionMs }: Stream, prepare: Prepare): Prepare {
  if (rowRetentionMs === undefined || store === 'upsert') return prepare;
  const perMilli = time.type.kind === 'long' && time.type.logical?.name === 'timestamp-micros' ? 1_000 : 1;
  return async (records) => {
    const { changes, rejected } = await prepare(records);
    const earliest = (Date.now() - rowRetentionMs) * perMilli;
    const isYoung = (change: (typeof changes)[number]) =>
      change.kind === 'removal' || Number(change.value[time.name]) >= earliest;
    return { changes: changes.filter(isYoung), rejected };
  };
}
