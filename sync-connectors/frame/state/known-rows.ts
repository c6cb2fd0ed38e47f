import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { bytesLiteral, jsonLiteral, textLiteral } from '@millrace/core/database/sql-literal';

/** What is known of a row before it is read again. */
export type KnownRow = {
  readonly hash: Buffer;
  /** Counts what was written of it: part of the event ids, so that a content that comes back is an event of its own. */
  readonly version: number;
  readonly missed: number;
  readonly isStale: boolean;
  /** False where a run ended while this was written: the stream has it, or what it had before. */
  readonly isConfirmed: boolean;
};

/** A row as it is written to the stream. */
export type WrittenRow = {
  readonly id: string;
  readonly hash: Buffer;
  readonly version: number;
  readonly json: string;
};

export const MOST_ID_BYTES = 500;
const bytes = (id: string) => Buffer.from(id);
const marks = (count: number) => Array.from({ length: count }, () => '?').join(',');

type Row = {
  readonly row_id: Buffer;
  readonly content_hash: Buffer;
  readonly version: number;
  readonly missed: number;
  readonly stale_since: string | null;
  readonly confirmed: number;
};

export async function readKnown(
  trx: Transaction,
  source: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KnownRow>> {
  if (ids.length === 0) return new Map();
  const rows = await selectRows<Row>(
    trx,
    `SELECT row_id, content_hash, version, missed, stale_since, confirmed FROM sync_rows
     WHERE source = ? AND row_id IN (${marks(ids.length)})`,
    [source, ...ids.map(bytes)],
  );
  return new Map(
    rows.map((row) => [
      row.row_id.toString(),
      {
        ...{ hash: row.content_hash, version: row.version, missed: row.missed },
        ...{ isStale: row.stale_since !== null, isConfirmed: row.confirmed === 1 },
      },
    ]),
  );
}

/** Keeps rows as they are about to be written: seen, not missed, not stale, not confirmed. */
export async function saveBegun(
  trx: Transaction,
  source: string,
  read: number,
  rows: readonly WrittenRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await changeRows(
    trx,
    `INSERT INTO sync_rows (source, row_id, content_hash, version, confirmed, row_value, seen_by)
     VALUES ${rows.map(tupleOf).join(',')}
     ON DUPLICATE KEY UPDATE content_hash = VALUES(content_hash), version = VALUES(version), confirmed = 0,
       row_value = VALUES(row_value), seen_by = VALUES(seen_by), missed = 0, missed_in = NULL, stale_since = NULL,
       stale_reason = NULL`,
  );

  function tupleOf({ id, hash, version, json }: WrittenRow): string {
    return `(${textLiteral(source)},${bytesLiteral(bytes(id))},${bytesLiteral(hash)},${version},0,${jsonLiteral(json)},${read})`;
  }
}

/** Keeps that Kafka has acknowledged rows as they are. */
export async function saveConfirmed(trx: Transaction, source: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await changeRows(trx, `UPDATE sync_rows SET confirmed = 1 WHERE source = ? AND row_id IN (${marks(ids.length)})`, [
    source,
    ...ids.map(bytes),
  ]);
}

/** Notes that a read has seen rows which it did not change. */
export async function saveSeen(trx: Transaction, source: string, read: number, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await changeRows(
    trx,
    `UPDATE sync_rows SET seen_by = ?, missed = 0, missed_in = NULL WHERE source = ? AND row_id IN (${marks(ids.length)})`,
    [read, source, ...ids.map(bytes)],
  );
}

export async function countKnown(db: Database, source: string): Promise<number> {
  const [row] = await selectRows<{ known: number }>(
    db,
    'SELECT COUNT(*) AS known FROM sync_rows WHERE source = ? AND stale_since IS NULL',
    [source],
  );
  return Number(row?.known ?? 0);
}
