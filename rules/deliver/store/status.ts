import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';

/** What a delivery is behind with, of the events that were tried. */
export type Backlog = {
  /** Tried without success, or behind one of the same key that was; tried again. */
  readonly retrying: number;
  readonly failed: number;
  /** Since when an event that was tried waits; null where none does. As the database writes it. */
  readonly failingSince: string | null;
};

type CountRow = {
  readonly delivery_id: string;
  readonly state: 'waiting' | 'failed';
  readonly count: number | string;
  readonly since: string | null;
};

export const noBacklog: Backlog = { retrying: 0, failed: 0, failingSince: null };

/** By delivery; one without such events is not in it. */
export async function readBacklogs(db: Database): Promise<ReadonlyMap<string, Backlog>> {
  const rows = await selectRows<CountRow>(
    db,
    `SELECT delivery_id, state, COUNT(*) AS count,
            MIN(IF(attempts > 0, COALESCE(first_attempt_at, last_attempt_at), NULL)) AS since
       FROM delivery_events GROUP BY delivery_id, state`,
  );
  const backlogs = new Map<string, Backlog>();
  for (const { delivery_id: id, state, count, since } of rows) {
    const before = backlogs.get(id) ?? noBacklog;
    const own = state === 'failed' ? { failed: Number(count) } : { retrying: Number(count), failingSince: since };
    backlogs.set(id, { ...before, ...own });
  }
  return backlogs;
}

export type LastAttempt = {
  readonly attempted_at: string;
  readonly outcome: string;
  readonly status: number | null;
  readonly error: string | null;
};

/** The newest attempt of any event. */
export async function lastAttempt(db: Database, deliveryId: string): Promise<LastAttempt | undefined> {
  const [row] = await selectRows<LastAttempt>(
    db,
    `SELECT attempted_at, outcome, status, error FROM delivery_attempts
      WHERE delivery_id = ? ORDER BY attempt_row DESC LIMIT 1`,
    [deliveryId],
  );
  return row;
}

/** What the newest attempt said of an event that was not delivered. */
export async function lastError(db: Database, deliveryId: string): Promise<string | null> {
  const [row] = await selectRows<{ last_error: string }>(
    db,
    `SELECT last_error FROM delivery_events WHERE delivery_id = ? AND last_error IS NOT NULL
      ORDER BY last_attempt_at DESC LIMIT 1`,
    [deliveryId],
  );
  return row?.last_error ?? null;
}

/** Events that wait although the checkpoint has not come to them: one before them was not tried yet. */
export async function countAhead(db: Database, deliveryId: string, consumer: string, topic: string): Promise<number> {
  const [row] = await selectRows<{ count: number | string }>(
    db,
    `SELECT COUNT(*) AS count
       FROM delivery_events JOIN checkpoints
         ON checkpoints.topic_partition = delivery_events.topic_partition AND event_offset >= next_offset
      WHERE delivery_id = ? AND state = 'waiting' AND consumer = ? AND topic = ?`,
    [deliveryId, consumer, topic],
  );
  return Number(row?.count ?? 0);
}

/** The next offset of each partition that has begun. */
export async function readNextOffsets(
  db: Database,
  consumer: string,
  topic: string,
): Promise<ReadonlyMap<number, bigint>> {
  const rows = await selectRows<{ topic_partition: number; next_offset: number | string }>(
    db,
    'SELECT topic_partition, next_offset FROM checkpoints WHERE consumer = ? AND topic = ?',
    [consumer, topic],
  );
  return new Map(rows.map((row) => [row.topic_partition, BigInt(row.next_offset)]));
}
