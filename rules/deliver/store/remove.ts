import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import { consumerOf } from '../delivery/delivery.ts';

const AT_ONCE = 5_000;

/** Ends a delivery at once; its events and attempts are removed by and by. False where there was none. */
export async function removeDelivery(trx: Transaction, deliveryId: string): Promise<boolean> {
  const removed = await changeRows(trx, 'DELETE FROM deliveries WHERE delivery_id = ?', [deliveryId]);
  await changeRows(trx, 'DELETE FROM delivery_secrets WHERE delivery_id = ?', [deliveryId]);
  await changeRows(trx, 'DELETE FROM checkpoints WHERE consumer = ?', [consumerOf(deliveryId)]);
  return removed > 0;
}

/** Removes what belongs to no delivery any more, and failed events and secrets whose time is over. */
export async function removeOld(db: Database, keptDays: number): Promise<void> {
  for (const table of ['delivery_attempts', 'delivery_events'])
    await untilNone(db, `DELETE FROM ${table} WHERE delivery_id NOT IN (SELECT delivery_id FROM deliveries)`);
  await untilNone(
    db,
    "DELETE FROM delivery_events WHERE state = 'failed' AND failed_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY",
    [keptDays],
  );
  await changeRows(db, 'DELETE FROM delivery_secrets WHERE ends_at < UTC_TIMESTAMP(3)');
}

/** Keeps the newest attempts of a delivery. */
export async function removeAttempts(db: Database, deliveryId: string, kept: number): Promise<void> {
  const [rows] = await db.raw<{ attempt_row: number | string }[][]>(
    'SELECT attempt_row FROM delivery_attempts WHERE delivery_id = ? ORDER BY attempt_row DESC LIMIT ?, 1',
    [deliveryId, kept],
  );
  const [first] = rows ?? [];
  if (first)
    await untilNone(db, 'DELETE FROM delivery_attempts WHERE delivery_id = ? AND attempt_row <= ?', [
      deliveryId,
      first.attempt_row,
    ]);
}

async function untilNone(db: Database, sql: string, bindings: readonly (string | number)[] = []): Promise<void> {
  for (;;) {
    const removed = await changeRows(db, `${sql} LIMIT ${AT_ONCE}`, bindings);
    if (removed < AT_ONCE) return;
  }
}
