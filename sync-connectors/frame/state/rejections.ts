import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';

/** A part of the source that was skipped, and why. */
export type Rejection = {
  readonly id: string | undefined;
  /** Its place in the source. */
  readonly at: string;
  readonly pointer: string;
  readonly reason: string;
};

/** As many are kept of one entity in one run; the count goes on. */
export const MOST_KEPT = 1_000;
const PLACE_CHARACTERS = 255;
const REASON_CHARACTERS = 1_000;

/** @param first how many the run had before these */
export async function saveRejections(
  trx: Transaction,
  { runId, source }: { readonly runId: string; readonly source: string },
  first: number,
  rejections: readonly Rejection[],
): Promise<void> {
  const kept = rejections.slice(0, Math.max(0, MOST_KEPT - first));
  if (kept.length === 0) return;
  await changeRows(
    trx,
    `INSERT INTO sync_rejections (run_id, source, number, row_id, place, pointer, reason)
     VALUES ${kept.map(() => '(?,?,?,?,?,?,?)').join(',')} ON DUPLICATE KEY UPDATE number = VALUES(number)`,
    kept.flatMap(({ id, at, pointer, reason }, index) => [
      ...[runId, source, first + index, id?.slice(0, PLACE_CHARACTERS) ?? null],
      ...[at.slice(0, PLACE_CHARACTERS), pointer.slice(0, PLACE_CHARACTERS), reason.slice(0, REASON_CHARACTERS)],
    ]),
  );
}

/** A read that begins again counts from the start. */
export async function forgetRejections(trx: Transaction, runId: string, source: string): Promise<void> {
  await changeRows(trx, 'DELETE FROM sync_rejections WHERE run_id = ? AND source = ?', [runId, source]);
}

/** Those of a run, by entity and in the order of the source. */
export async function rejectionsOf(db: Database, runId: string, after: number, limit: number) {
  const rows = await selectRows<{
    source: string;
    row_id: string | null;
    place: string;
    pointer: string;
    reason: string;
  }>(
    db,
    `SELECT source, row_id, place, pointer, reason FROM sync_rejections WHERE run_id = ?
     ORDER BY source, number LIMIT ? OFFSET ?`,
    [runId, limit, after],
  );
  return rows.map(({ source, row_id: id, place: at, pointer, reason }) => {
    const [connector = '', entity = ''] = source.split('/');
    return { connector, entity, id, at, pointer, reason };
  });
}
