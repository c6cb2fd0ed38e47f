import type { Transaction } from '@millrace/core/database/open-database';
import type { Batch } from '@millrace/core/stream/consume';
import type { Rejected } from '../dead-letter/rejected.ts';
import type { Sink } from './open-sink.ts';
import type { Change, Row } from './prepare-changes.ts';

export type Applied = { readonly rows: number; readonly rejected: readonly Rejected[] };

/** Makes a batch's changes in the open transaction; a row that can't be stored is an outcome. */
export async function applyChanges(
  trx: Transaction,
  batch: Batch,
  sink: Sink,
  changes: readonly Change[],
): Promise<Applied> {
  const rows = changes.filter((change): change is Row => change.kind === 'row');
  if (rows.length === 0) return { rows: 0, rejected: [] };
  const { inserted, refused } = await sink.insert(trx, batch, rows);
  const stored = rows.length - refused.length;
  const conflicts = inserted < stored ? await sink.findConflicts(trx, batch.partition, rows) : [];
  return { rows: inserted, rejected: [...refused, ...conflicts] };
}
