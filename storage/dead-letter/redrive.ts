import type { Database } from '@millrace/core/database/open-database';
import { retryTransient } from '@millrace/core/database/retry-transient';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { sqlNow, textLiteral } from '@millrace/core/database/sql-literal';
import type { Log } from '@millrace/core/log/create-log';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { v7 as uuidv7 } from 'uuid';
import { ATTEMPTS_HEADER } from './attempts.ts';
import { type DeadLetterFilter, filterSql, whereSql } from './dead-letter-filter.ts';
import { parseHeaders, type StoredDeadLetter } from './dead-letter-json.ts';

export type RedriveRequest = { readonly filter: DeadLetterFilter; readonly maxAttempts: number };
/** `exhausted` were tried as often as allowed, and stay. */
export type RedriveCounts = { readonly matched: number; readonly exhausted: number };

const AT_ONCE = 500;

type RedriveOptions = { readonly db: Database; readonly producer: Producer; readonly log: Log };

/**
 * Sends dead letters back to the topics they came from, with their key, value and headers as they were, and how often they were tried.
 * Rows are locked while they are sent, so two redrives at once share them; a crash between sending and noting sends again,
 * which is harmless for what has an event_id.
 */
export function createRedrive({ db, producer, log }: RedriveOptions) {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();

  return {
    count: (request: RedriveRequest) => count(db, request),

    /** Starts, and answers the id under which progress can be asked for. */
    async start(request: RedriveRequest): Promise<RedriveCounts & { readonly redrive_id: string }> {
      const id = uuidv7();
      const { matched, exhausted } = await count(db, request);
      await changeRows(
        db,
        `INSERT INTO redrives (id, status, filter, max_attempts, matched, sent, exhausted, started_at, updated_at)
         VALUES (?, 'running', ?, ?, ?, 0, ?, ?, ?)`,
        [id, JSON.stringify(request.filter), request.maxAttempts, matched, exhausted, sqlNow(), sqlNow()],
      );
      const run = sendAll(id, request).then(
        (status) => finish(id, status),
        (err: unknown) => {
          log.error({ err, redrive_id: id }, 'a redrive has failed');
          return finish(id, 'failed');
        },
      );
      running.add(run);
      run
        .catch((err: unknown) => log.warn({ err }, 'a redrive could not note its end'))
        .finally(() => running.delete(run));
      return { redrive_id: id, matched, exhausted };
    },

    async close(): Promise<void> {
      stop.abort();
      await Promise.allSettled(running);
    },
  };

  async function sendAll(id: string, request: RedriveRequest): Promise<'done' | 'stopped'> {
    const startedAt = sqlNow();
    for (;;) {
      if (stop.signal.aborted) return 'stopped';
      const sent = await retryTransient({ signal: stop.signal, log }, () => sendSome(id, request, startedAt));
      if (sent === 0) return 'done';
    }
  }

  /** Only what was set aside before the start: what fails again meanwhile waits for the next redrive. */
  async function sendSome(id: string, request: RedriveRequest, startedAt: string): Promise<number> {
    return db.transaction(async (trx) => {
      const where = whereSql([
        ...open(request),
        `attempts < ${request.maxAttempts}`,
        `set_aside_at <= ${textLiteral(startedAt)}`,
      ]);
      const rows = await selectRows<StoredDeadLetter>(
        trx,
        `SELECT * FROM dead_letters ${where} ORDER BY set_aside_at, id LIMIT ${AT_ONCE} FOR UPDATE`,
      );
      if (rows.length === 0) return 0;
      for (const topic of new Set(rows.map((row) => row.topic))) {
        const letters = rows.filter((row) => row.topic === topic);
        await producer.produce(topic, letters.map(backAgain));
      }
      const ids = rows.map((row) => textLiteral(row.id)).join(',');
      await changeRows(trx, `UPDATE dead_letters SET redriven_at = ${textLiteral(sqlNow())} WHERE id IN (${ids})`);
      await changeRows(trx, 'UPDATE redrives SET sent = sent + ?, updated_at = ? WHERE id = ?', [
        rows.length,
        sqlNow(),
        id,
      ]);
      return rows.length;
    });
  }

  async function finish(id: string, status: string): Promise<void> {
    await changeRows(db, 'UPDATE redrives SET status = ?, updated_at = ? WHERE id = ?', [status, sqlNow(), id]);
  }
}

const open = ({ filter }: RedriveRequest): string[] => [...filterSql(filter), 'redriven_at IS NULL'];

async function count(db: Database, request: RedriveRequest): Promise<RedriveCounts> {
  const [row] = await selectRows<{ matched: number; exhausted: number | string | null }>(
    db,
    `SELECT COUNT(*) AS matched, SUM(attempts >= ${request.maxAttempts}) AS exhausted FROM dead_letters ${whereSql(open(request))}`,
  );
  return { matched: row?.matched ?? 0, exhausted: Number(row?.exhausted ?? 0) };
}

function backAgain(row: StoredDeadLetter): LaneRecord {
  const headers = Object.fromEntries(
    Object.entries(parseHeaders(row.headers)).map(([name, values]) => [
      name,
      values.map((value) => (value === null ? null : Buffer.from(value, 'base64'))),
    ]),
  );
  return {
    partition: row.topic_partition,
    key: row.record_key,
    value: row.record_value,
    headers: { ...headers, [ATTEMPTS_HEADER]: String(row.attempts) },
  };
}
