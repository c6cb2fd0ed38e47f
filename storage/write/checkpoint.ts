import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { instantLiteral } from '@millrace/core/database/sql-literal';
import type { Batch } from '@millrace/core/stream/consume';

/** The first offset not stored yet, and the record before it, by which a topic made anew is told apart. */
export type Checkpoint = {
  readonly nextOffset: bigint;
  readonly lastOffset: bigint | undefined;
  /** When the broker appended that record, as the database writes it. */
  readonly lastAppendedAt: string | undefined;
};

type Stored = { next_offset: number | string; last_offset: number | string | null; last_appended_at: string | null };

export async function readCheckpoint(
  db: Database,
  topic: string,
  partition: number,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Checkpoint | undefined> {
  const [row] = await selectRows<Stored>(
    db,
    `SELECT next_offset, last_offset, last_appended_at FROM storage_checkpoints
      WHERE topic = ? AND topic_partition = ? ${lock}`,
    [topic, partition],
  );
  return (
    row && {
      nextOffset: BigInt(row.next_offset),
      lastOffset: row.last_offset === null ? undefined : BigInt(row.last_offset),
      lastAppendedAt: row.last_appended_at ?? undefined,
    }
  );
}

/** Holds the partition's checkpoint against every other writer until the transaction ends. */
export const lockCheckpoint = (trx: Transaction, { topic, partition }: Batch): Promise<Checkpoint | undefined> =>
  readCheckpoint(trx, topic, partition, 'FOR UPDATE');

export async function saveCheckpoint(
  trx: Transaction,
  { topic, partition, records, nextOffset }: Batch,
): Promise<void> {
  const last = records.at(-1);
  await trx.raw(
    `UPDATE storage_checkpoints
        SET next_offset = ?, last_offset = ?, last_appended_at = ${last ? instantLiteral(last.appendTime) : 'NULL'}, updated_at = ?
      WHERE topic = ? AND topic_partition = ?`,
    [nextOffset.toString(), last?.offset.toString() ?? null, sqlNow(), topic, partition],
  );
}

/** Begins a partition at an offset, unless it has begun. */
export async function beginCheckpoint(db: Database, topic: string, partition: number, offset: bigint): Promise<void> {
  await db.raw(
    `INSERT INTO storage_checkpoints (topic, topic_partition, next_offset, updated_at) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE topic = VALUES(topic)`,
    [topic, partition, offset.toString(), sqlNow()],
  );
}

/** Moves a partition that must be read from elsewhere; answers false when another writer has moved it since. */
export async function resetCheckpoint(
  db: Database,
  { topic, partition, from, to }: { topic: string; partition: number; from: bigint; to: bigint },
): Promise<boolean> {
  const changed = await changeRows(
    db,
    `UPDATE storage_checkpoints SET next_offset = ?, last_offset = NULL, last_appended_at = NULL, updated_at = ?
      WHERE topic = ? AND topic_partition = ? AND next_offset = ?`,
    [to.toString(), sqlNow(), topic, partition, from.toString()],
  );
  return changed > 0;
}

/** This moment as a DATETIME(3) in UTC. */
export const sqlNow = (): string => instantLiteral(Date.now()).slice(1, -1);
