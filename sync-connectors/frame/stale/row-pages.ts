import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { type StaleReason, staleReasons } from '../connector.ts';
import type { Covers, Row } from './covers.ts';

export type Stale = { readonly since: Date; readonly reason: StaleReason };

export type StoredRow = {
  readonly id: string;
  readonly hash: Buffer;
  readonly version: number;
  /** As what it was being marked when a run ended: the stream may have that already, or not. */
  readonly begun: Stale | undefined;
  /** Parsed when it is asked for. */
  row(): Row;
};

type Stored = {
  readonly row_id: Buffer;
  readonly content_hash: Buffer;
  readonly version: number;
  readonly row_value: string;
  readonly confirmed: number;
  readonly stale_since: string | null;
  readonly stale_reason: string | null;
};

const PAGE = 500;

/** Of a text that was written from a row, so there is nothing to look for in what comes out. */
const rowOf = (text: string): Row => JSON.parse(text);

/**
 * The rows of a source that a condition picks and a scope covers, in pages that hold little of them. What a page's reader changes may
 * leave the condition: the next page begins after the last id.
 */
export async function* rowPages(
  db: Database,
  source: string,
  { condition, bindings }: { readonly condition: string; readonly bindings: readonly (string | number)[] },
  covers: Covers,
): AsyncGenerator<readonly StoredRow[]> {
  let after: Buffer = Buffer.alloc(0);
  for (;;) {
    const rows = await selectRows<Stored>(
      db,
      `SELECT row_id, content_hash, version, row_value, confirmed, stale_since, stale_reason FROM sync_rows
       WHERE source = ? AND row_id > ? AND (${condition}) ORDER BY row_id LIMIT ${PAGE}`,
      [source, after, ...bindings],
    );
    const found = rows.map((row) => ({
      id: row.row_id.toString(),
      hash: row.content_hash,
      version: row.version,
      begun: begunOf(row),
      row: () => rowOf(row.row_value),
    }));
    const covered = found.filter(({ id, row }) => covers(id, row));
    if (covered.length > 0) yield covered;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.row_id;
  }
}

function begunOf({ confirmed, stale_since: since, stale_reason: given }: Stored): Stale | undefined {
  if (confirmed === 1 || since === null) return undefined;
  const reason = staleReasons.find((each) => each === given) ?? 'absent';
  return { since: new Date(`${since.replace(' ', 'T')}Z`), reason };
}

const marks = (ids: readonly string[]) => ids.map(() => '?').join(',');
const bytes = (ids: readonly string[]) => ids.map((id) => Buffer.from(id));

/** Rows that are not stale, and that a read did not see and a run has not counted yet. */
export const unseen = (read: number, runId: string) => ({
  condition: 'seen_by <> ? AND stale_since IS NULL AND (missed_in IS NULL OR missed_in <> ?)',
  bindings: [read, runId],
});

/** Rows that are not stale, that a read before has missed, and that a run has not counted yet. */
export const missedBefore = (runId: string) => ({
  condition: 'missed > 0 AND stale_since IS NULL AND (missed_in IS NULL OR missed_in <> ?)',
  bindings: [runId],
});

export const missedOften = (times: number) => ({
  condition: 'missed >= ? AND stale_since IS NULL',
  bindings: [times],
});

/** Rows that a run was marking when it ended. */
export const begun = { condition: 'missed > 0 AND stale_since IS NOT NULL AND confirmed = 0', bindings: [] };

/** Both of them. */
export const toMark = (times: number) => ({
  condition: `missed > 0 AND ((${missedOften(times).condition}) OR (${begun.condition}))`,
  bindings: [times],
});

export const fresh = { condition: 'stale_since IS NULL', bindings: [] };
export const seenBy = (read: number) => ({ condition: 'seen_by = ?', bindings: [read] });

/** Once in each run, however often it begins again. */
export async function addMissed(
  trx: Transaction,
  source: string,
  runId: string,
  ids: readonly string[],
): Promise<void> {
  await changeRows(
    trx,
    `UPDATE sync_rows SET missed = missed + 1, missed_in = ? WHERE source = ? AND row_id IN (${marks(ids)})
       AND (missed_in IS NULL OR missed_in <> ?)`,
    [runId, source, ...bytes(ids), runId],
  );
}

/** Keeps rows as they are about to be marked, not confirmed. */
export async function saveStale(
  trx: Transaction,
  source: string,
  { since, reason }: Stale,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await changeRows(
    trx,
    `UPDATE sync_rows SET stale_since = ?, stale_reason = ?, version = version + 1, confirmed = 0
     WHERE source = ? AND stale_since IS NULL AND row_id IN (${marks(ids)})`,
    [since.toISOString().slice(0, -1).replace('T', ' '), reason, source, ...bytes(ids)],
  );
}
