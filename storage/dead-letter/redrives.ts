import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { sqlNow } from '@millrace/core/database/sql-literal';
import { type DeadLetterFilter, filterToJson, parseFilterJson } from './dead-letter-filter.ts';

export type RedriveRequest = { readonly filter: DeadLetterFilter; readonly maxAttempts: number };
/** `exhausted` were tried as often as allowed, and stay. */
export type RedriveCounts = { readonly matched: number; readonly exhausted: number };

/** A redrive that has not come to its end, wherever it was begun. */
export type UnfinishedRedrive = RedriveRequest & {
  readonly id: string;
  /** Only dead letters that were written until then are sent: what fails again meanwhile waits for the next redrive. */
  readonly startedAt: string;
};

type Progress = {
  readonly redrive_id: string;
  readonly status: string;
  readonly filter: string;
  readonly max_attempts: number;
  readonly matched: number;
  readonly sent: number;
  readonly exhausted: number;
};

export async function insertRedrive(
  db: Database,
  { id, startedAt, filter, maxAttempts }: UnfinishedRedrive,
  { matched, exhausted }: RedriveCounts,
): Promise<void> {
  await changeRows(
    db,
    `INSERT INTO redrives (id, status, filter, max_attempts, matched, sent, exhausted, started_at, updated_at)
     VALUES (?, 'running', ?, ?, ?, 0, ?, ?, ?)`,
    [id, JSON.stringify(filterToJson(filter)), maxAttempts, matched, exhausted, startedAt, startedAt],
  );
}

/** How far a redrive has come; undefined when there is none of that id. */
export async function findRedrive(db: Database, id: string) {
  const [row] = await selectRows<Progress>(
    db,
    'SELECT id AS redrive_id, status, filter, max_attempts, matched, sent, exhausted FROM redrives WHERE id = ?',
    [id],
  );
  return row && { ...row, filter: filterToJson(parseFilterJson(row.filter)) };
}

export async function unfinishedRedrives(db: Database): Promise<UnfinishedRedrive[]> {
  const rows = await selectRows<{ id: string; filter: string; max_attempts: number; started_at: string }>(
    db,
    "SELECT id, filter, max_attempts, started_at FROM redrives WHERE status = 'running'",
  );
  return rows.map((row) => ({
    id: row.id,
    filter: parseFilterJson(row.filter),
    maxAttempts: row.max_attempts,
    startedAt: row.started_at,
  }));
}

export async function countSent(trx: Transaction, id: string, sent: number): Promise<void> {
  await changeRows(trx, 'UPDATE redrives SET sent = sent + ?, updated_at = ? WHERE id = ?', [sent, sqlNow(), id]);
}

export async function finishRedrive(db: Database, id: string, status: 'done' | 'failed'): Promise<void> {
  await changeRows(db, 'UPDATE redrives SET status = ?, updated_at = ? WHERE id = ?', [status, sqlNow(), id]);
}
