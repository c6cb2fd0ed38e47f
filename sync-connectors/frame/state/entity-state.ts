import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { Json } from '../connector.ts';

/** What a read of an entity begins with. */
export type EntityState = {
  /** Numbers the reads of an entity: rows say by which one they were last seen. */
  readonly read: number;
  readonly cursor: Json | undefined;
  /** Whether the read before had other credentials or filters: what it saw or missed then says nothing. */
  readonly isOther: boolean;
};

type Row = { readonly read_number: number; readonly cursor_json: string | null; readonly fingerprint: string | null };

/** Of a text that was written from JSON, so there is nothing to look for in what comes out. */
export const parseJson = (text: string): Json => JSON.parse(text);

/** Of what a connector gives, which could be a secret for all that the frame knows. */
const digest = (fingerprint: string) => createHash('sha256').update(fingerprint).digest('hex');

/** Begins a read: gives it a number, and forgets what reads under other credentials or filters had missed. */
export async function beginRead(trx: Transaction, source: string, fingerprint: string): Promise<EntityState> {
  await changeRows(
    trx,
    `INSERT INTO sync_entities (source, read_number) VALUES (?, 1)
     ON DUPLICATE KEY UPDATE read_number = read_number + 1`,
    [source],
  );
  const [row] = await selectRows<Row>(
    trx,
    'SELECT read_number, cursor_json, fingerprint FROM sync_entities WHERE source = ?',
    [source],
  );
  if (!row) throw new Error(`no state of ${source}`);
  const isOther = row.fingerprint !== null && row.fingerprint !== digest(fingerprint);
  if (isOther)
    await changeRows(trx, 'UPDATE sync_rows SET missed = 0, missed_in = NULL WHERE source = ? AND missed > 0', [
      source,
    ]);
  return {
    read: row.read_number,
    cursor: row.cursor_json === null ? undefined : parseJson(row.cursor_json),
    isOther,
  };
}

/** What the next read is compared with. */
export async function keepFingerprint(trx: Transaction, source: string, fingerprint: string): Promise<void> {
  await changeRows(trx, 'UPDATE sync_entities SET fingerprint = ? WHERE source = ?', [digest(fingerprint), source]);
}

export async function saveCursor(trx: Transaction, source: string, cursor: Json | undefined): Promise<void> {
  await changeRows(
    trx,
    `INSERT INTO sync_entities (source, read_number, cursor_json) VALUES (?, 0, ?)
     ON DUPLICATE KEY UPDATE cursor_json = VALUES(cursor_json)`,
    [source, cursor === undefined ? null : JSON.stringify(cursor)],
  );
}

/** The cursors of sources that have one. */
export async function cursorsOf(db: Database): Promise<ReadonlyMap<string, Json>> {
  const rows = await selectRows<{ source: string; cursor_json: string }>(
    db,
    'SELECT source, cursor_json FROM sync_entities WHERE cursor_json IS NOT NULL',
  );
  return new Map(rows.map((row) => [row.source, parseJson(row.cursor_json)]));
}
