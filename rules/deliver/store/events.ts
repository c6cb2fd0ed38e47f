import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { instantLiteral, sqlNow } from '@millrace/core/database/sql-literal';
import { millisOf } from './deliveries.ts';

type Runner = Database | Transaction;

/** An event that was tried without success, or stands behind one of the same key that was. Times are in milliseconds since the epoch. */
export type HeldEvent = {
  readonly row: number;
  readonly offset: bigint;
  readonly keyDigest: string;
  readonly eventId: string;
  readonly attempts: number;
  readonly firstAttemptAt: number | undefined;
  /** Undefined: as soon as it is the first of its key. */
  readonly nextAttemptAt: number | undefined;
};

export type NewHeldEvent = Omit<HeldEvent, 'row'> & {
  readonly body: Buffer;
  readonly appendedAt: number;
  readonly lastAttemptAt: number | undefined;
  readonly lastError: string | undefined;
};

type Row = {
  readonly event_row: number | string;
  readonly event_offset: number | string;
  readonly key_digest: string;
  readonly event_id: string;
  readonly attempts: number;
  readonly first_attempt_at: string | null;
  readonly next_attempt_at: string | null;
};

const sqlTime = (millis: number | undefined): string | null =>
  millis === undefined ? null : instantLiteral(millis).slice(1, -1);

/** Those of a partition that are waiting, the oldest first. */
export async function listHeld(db: Runner, deliveryId: string, partition: number): Promise<HeldEvent[]> {
  const rows = await selectRows<Row>(
    db,
    `SELECT event_row, event_offset, key_digest, event_id, attempts, first_attempt_at, next_attempt_at
       FROM delivery_events WHERE delivery_id = ? AND state = 'waiting' AND topic_partition = ? ORDER BY event_row`,
    [deliveryId, partition],
  );
  return rows.map((row) => ({
    ...{ row: Number(row.event_row), offset: BigInt(row.event_offset), keyDigest: row.key_digest },
    ...{ eventId: row.event_id, attempts: row.attempts },
    firstAttemptAt: row.first_attempt_at === null ? undefined : millisOf(row.first_attempt_at),
    nextAttemptAt: row.next_attempt_at === null ? undefined : millisOf(row.next_attempt_at),
  }));
}

/** One at a time, as bodies may be large. Answers them with their rows, which are in the order given. */
export async function insertHeld(
  trx: Transaction,
  deliveryId: string,
  partition: number,
  events: readonly NewHeldEvent[],
): Promise<HeldEvent[]> {
  const held: HeldEvent[] = [];
  for (const { body, appendedAt, lastAttemptAt, lastError, ...event } of events) {
    const [answer] = await trx.raw<{ insertId: number }[]>(
      `INSERT INTO delivery_events (delivery_id, topic_partition, event_offset, key_digest, event_id, body, appended_at, state,
         attempts, first_attempt_at, last_attempt_at, next_attempt_at, last_error)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?)`,
      [
        ...[deliveryId, partition, event.offset.toString(), event.keyDigest, event.eventId, body, sqlTime(appendedAt)],
        ...[event.attempts, sqlTime(event.firstAttemptAt), sqlTime(lastAttemptAt), sqlTime(event.nextAttemptAt)],
        lastError ?? null,
      ],
    );
    held.push({ ...event, row: Number(answer?.insertId ?? 0) });
  }
  return held;
}

export async function readBody(db: Runner, row: number): Promise<Buffer | undefined> {
  const [found] = await selectRows<{ body: Buffer }>(db, 'SELECT body FROM delivery_events WHERE event_row = ?', [row]);
  return found?.body;
}

export const removeHeld = (trx: Transaction, row: number): Promise<number> =>
  changeRows(trx, 'DELETE FROM delivery_events WHERE event_row = ?', [row]);

type Tried = Pick<NewHeldEvent, 'attempts' | 'firstAttemptAt' | 'lastAttemptAt' | 'nextAttemptAt' | 'lastError'>;

/** Without a next attempt it has failed for good. */
export const saveTried = (trx: Transaction, row: number, tried: Tried): Promise<number> =>
  changeRows(
    trx,
    `UPDATE delivery_events SET attempts = ?, first_attempt_at = ?, last_attempt_at = ?, next_attempt_at = ?, last_error = ?,
            state = ?, failed_at = ? WHERE event_row = ?`,
    [
      ...[tried.attempts, sqlTime(tried.firstAttemptAt), sqlTime(tried.lastAttemptAt), sqlTime(tried.nextAttemptAt)],
      ...[tried.lastError ?? null, tried.nextAttemptAt === undefined ? 'failed' : 'waiting'],
      ...[tried.nextAttemptAt === undefined ? sqlNow() : null, row],
    ],
  );

type Range = { readonly since: number; readonly until: number };

const FAILED_IN = "delivery_id = ? AND state = 'failed' AND appended_at >= ? AND appended_at < ?";

/** How many events have failed that were appended in a time. */
export async function countFailed(db: Runner, deliveryId: string, { since, until }: Range): Promise<number> {
  const [row] = await selectRows<{ count: number | string }>(
    db,
    `SELECT COUNT(*) AS count FROM delivery_events WHERE ${FAILED_IN}`,
    [deliveryId, sqlTime(since), sqlTime(until)],
  );
  return Number(row?.count ?? 0);
}

/** Has them tried again, for as long as new ones. */
export const recoverFailed = (db: Runner, deliveryId: string, { since, until }: Range): Promise<number> =>
  changeRows(
    db,
    `UPDATE delivery_events SET state = 'waiting', first_attempt_at = NULL, next_attempt_at = NULL, failed_at = NULL
      WHERE ${FAILED_IN}`,
    [deliveryId, sqlTime(since), sqlTime(until)],
  );

/** What waits is tried at once, for as long as if it was new. */
export const restartHeld = (db: Runner, deliveryId: string): Promise<number> =>
  changeRows(
    db,
    `UPDATE delivery_events SET first_attempt_at = NULL, next_attempt_at = NULL
      WHERE delivery_id = ? AND state = 'waiting'`,
    [deliveryId],
  );
