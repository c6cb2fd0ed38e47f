import type { Database } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { sqlNow } from '@millrace/core/database/sql-literal';
import { CheckpointMismatch } from '@millrace/core/stream/checkpoint-mismatch';
import type { Position } from '../engine/position.ts';
import { readPosition, writePosition } from './position-json.ts';

export type Claimed = { readonly claim: number; readonly position: Position | undefined };

type Row = { claim: number | string; position_json: string | null };

/** Takes an account partition over: whoever had it before can't move its position any more. */
export function claimPartition(db: Database, partition: number): Promise<Claimed> {
  return db.transaction(async (trx) => {
    await changeRows(
      trx,
      `INSERT INTO rules_positions (account_partition, claim, updated_at) VALUES (?, 1, ?)
       ON DUPLICATE KEY UPDATE claim = claim + 1`,
      [partition, sqlNow()],
    );
    const [row] = await selectRows<Row>(
      trx,
      'SELECT claim, position_json FROM rules_positions WHERE account_partition = ?',
      [partition],
    );
    return {
      claim: Number(row?.claim ?? 0),
      position: row?.position_json ? readPosition(row.position_json) : undefined,
    };
  });
}

export async function holdsClaim(db: Database, partition: number, claim: number): Promise<boolean> {
  const [row] = await selectRows<Row>(db, 'SELECT claim FROM rules_positions WHERE account_partition = ?', [partition]);
  return Number(row?.claim) === claim;
}

/** Moves the position on. Throws `CheckpointMismatch` when another process has taken the partition over. */
export async function savePosition(db: Database, partition: number, claim: number, position: Position): Promise<void> {
  const changed = await changeRows(
    db,
    'UPDATE rules_positions SET position_json = ?, updated_at = ? WHERE account_partition = ? AND claim = ?',
    [writePosition(position), sqlNow(), partition, claim],
  );
  if (changed === 0 && !(await holdsClaim(db, partition, claim)))
    throw new CheckpointMismatch(`another process evaluates account partition ${partition}`);
}
