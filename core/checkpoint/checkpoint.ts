import type { Database, Transaction } from '../database/open-database.ts';
import { changeRows, selectRows } from '../database/run-sql.ts';
import { instantLiteral, sqlNow } from '../database/sql-literal.ts';
import type { Batch } from '../stream/consume.ts';

/** The first offset that a consumer has not done yet, and the record before it, by which a recreated topic is noticed. */
export type Checkpoint = {
  readonly nextOffset: bigint;
  readonly lastOffset: bigint | undefined;
  /** When the broker appended that record, as the database writes it. */
  readonly lastAppendedAt: string | undefined;
};

/** Whose checkpoint it is: the key of its row. */
export type CheckpointKey = { readonly consumer: string; readonly topic: string; readonly partition: number };

type Stored = { next_offset: number | string; last_offset: number | string | null; last_appended_at: string | null };

const KEY = 'topic = ? AND topic_partition = ? AND consumer = ?';

/** @param lock `FOR UPDATE` holds it against every other writer until the transaction ends */
export async function readCheckpoint(
  db: Database | Transaction,
  { consumer, topic, partition }: CheckpointKey,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Checkpoint | undefined> {
  const [row] = await selectRows<Stored>(
    db,
    `SELECT next_offset, last_offset, last_appended_at FROM checkpoints WHERE ${KEY} ${lock}`,
    [topic, partition, consumer],
  );
  return (
    row && {
      nextOffset: BigInt(row.next_offset),
      lastOffset: row.last_offset === null ? undefined : BigInt(row.last_offset),
      lastAppendedAt: row.last_appended_at ?? undefined,
    }
  );
}

export async function saveCheckpoint(
  trx: Transaction,
  consumer: string,
  { topic, partition, records, nextOffset }: Batch,
): Promise<void> {
  const last = records.at(-1);
  await trx.raw(
    `UPDATE checkpoints
        SET next_offset = ?, last_offset = ?, last_appended_at = ${last ? instantLiteral(last.appendTime) : 'NULL'}, updated_at = ?
      WHERE ${KEY}`,
    [nextOffset.toString(), last?.offset.toString() ?? null, sqlNow(), topic, partition, consumer],
  );
}

/** Begins a partition at an offset, unless it has begun. */
export async function beginCheckpoint(
  db: Database,
  { consumer, topic, partition }: CheckpointKey,
  offset: bigint,
): Promise<void> {
  await db.raw(
    `INSERT INTO checkpoints (topic, topic_partition, consumer, next_offset, updated_at) VALUES (?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE topic = VALUES(topic)`,
    [topic, partition, consumer, offset.toString(), sqlNow()],
  );
}

/** Moves a partition that must be read from elsewhere; answers false when another writer has moved it since. */
export async function moveCheckpoint(
  db: Database,
  { consumer, topic, partition }: CheckpointKey,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): Promise<boolean> {
  const changed = await changeRows(
    db,
    `UPDATE checkpoints SET next_offset = ?, last_offset = NULL, last_appended_at = NULL, updated_at = ?
      WHERE ${KEY} AND next_offset = ?`,
    [to.toString(), sqlNow(), topic, partition, consumer, from.toString()],
  );
  return changed > 0;
}
