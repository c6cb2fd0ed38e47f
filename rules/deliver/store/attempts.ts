import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { instantLiteral } from '@millrace/core/database/sql-literal';
import type { Attempt } from '../send/attempt.ts';

/** What came of the event by this attempt; `test` is one that a person asked for. */
export type AttemptOutcome = 'delivered' | 'retrying' | 'failed' | 'test';

export type NewAttempt = {
  readonly eventId: string;
  /** Counts from 1 for each event. */
  readonly number: number;
  readonly outcome: AttemptOutcome;
  readonly attempt: Attempt;
};

type Row = {
  readonly attempt_row: number | string;
  readonly event_id: string;
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly attempted_at: string;
  readonly duration_ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string | null;
};

const ERROR_CHARACTERS = 500;

/** As much of an error as is kept. */
export const keptError = (error: string): string => error.slice(0, ERROR_CHARACTERS);

export async function insertAttempts(
  trx: Database | Transaction,
  deliveryId: string,
  attempts: readonly NewAttempt[],
): Promise<void> {
  if (attempts.length === 0) return;
  const marks = attempts.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ');
  const values = attempts.flatMap(({ eventId, number, outcome, attempt }) => [
    ...[deliveryId, eventId, number, outcome, instantLiteral(attempt.at).slice(1, -1), attempt.durationMs],
    ...[attempt.status ?? null, attempt.error === undefined ? null : keptError(attempt.error)],
    attempt.response ?? null,
  ]);
  await changeRows(
    trx,
    `INSERT INTO delivery_attempts
       (delivery_id, event_id, attempt, outcome, attempted_at, duration_ms, status, error, response) VALUES ${marks}`,
    values,
  );
}

/** The newest first. @param before the row that the page before ended with */
export function listAttempts(
  db: Database,
  deliveryId: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<Row[]> {
  return selectRows<Row>(
    db,
    `SELECT attempt_row, event_id, attempt, outcome, attempted_at, duration_ms, status, error, response
       FROM delivery_attempts WHERE delivery_id = ? ${before === undefined ? '' : 'AND attempt_row < ?'}
      ORDER BY attempt_row DESC LIMIT ${limit}`,
    before === undefined ? [deliveryId] : [deliveryId, before],
  );
}
