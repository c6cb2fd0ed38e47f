import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { Batch } from '@millrace/core/stream/consume';
import type { Rejected } from '../dead-letter/rejected.ts';
import { newestByKey } from './newest-by-key.ts';
import type { Sink } from './open-sink.ts';
import type { Change, Row } from './prepare-changes.ts';

/** `rows` counts records whose content is now in the table or has been superseded by a newer one of the batch. */
export type Applied = { readonly rows: number; readonly rejected: readonly Rejected[] };

/** Makes a batch's changes in the open transaction; a row that can't be stored is an outcome. */
export async function applyChanges(
  trx: Transaction,
  batch: Batch,
  sink: Sink,
  changes: readonly Change[],
): Promise<Applied> {
  if (changes.length === 0) return { rows: 0, rejected: [] };
  return sink.stream.store === 'append' ? append(trx, batch, sink, changes) : upsert(trx, batch, sink, changes);
}

async function append(trx: Transaction, batch: Batch, sink: Sink, changes: readonly Change[]): Promise<Applied> {
  const rows = changes.filter((change): change is Row => change.kind === 'row');
  const { changed, refused } = await sink.insert(trx, batch, rows);
  const repeats = changed < rows.length - refused.length;
  const conflicts = repeats ? await sink.findConflicts(trx, batch.partition, rows) : [];
  return { rows: changed, rejected: [...refused, ...conflicts] };
}

/** A row that the database refuses may have hidden an older version of the batch, so that one is then tried. */
async function upsert(trx: Transaction, batch: Batch, sink: Sink, changes: readonly Change[]): Promise<Applied> {
  const rejected: Rejected[] = [];
  for (let left = changes; ; ) {
    const { removed, rows } = newestByKey(left, sink.stream.version.name);
    await remove(trx, sink, removed);
    const { refused } = await sink.insert(trx, batch, rows);
    rejected.push(...refused);
    if (refused.length === 0) {
      await sink.beside?.(trx, left);
      return { rows: left.length, rejected };
    }
    const gone = new Set(refused.map(({ record }) => record));
    left = left.filter(({ record }) => !gone.has(record));
  }
}

async function remove(trx: Transaction, { table, removeChildren }: Sink, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const [primary = ''] = table.primaryKey;
  await removeChildren(trx, keys);
  await changeRows(trx, `DELETE FROM ${nameLiteral(table.name)} WHERE ${nameLiteral(primary)} IN (${keys.join(',')})`);
}
