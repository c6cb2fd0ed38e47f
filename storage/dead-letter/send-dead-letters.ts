import type { Database } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { sqlNow, textLiteral } from '@millrace/core/database/sql-literal';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { ATTEMPTS_HEADER } from './attempts.ts';
import { filterSql, whereSql } from './dead-letter-filter.ts';
import { parseHeaders, type StoredDeadLetter } from './dead-letter-json.ts';
import { countSent, type RedriveCounts, type RedriveRequest, type UnfinishedRedrive } from './redrives.ts';

const AT_ONCE = 500;

const notRedriven = ({ filter }: RedriveRequest): string[] => [...filterSql(filter), 'redriven_at IS NULL'];

export async function countDeadLetters(db: Database, request: RedriveRequest): Promise<RedriveCounts> {
  const [row] = await selectRows<{ matched: number; exhausted: number | string | null }>(
    db,
    `SELECT COUNT(*) AS matched, SUM(attempts >= ${request.maxAttempts}) AS exhausted FROM dead_letters ${whereSql(notRedriven(request))}`,
  );
  return { matched: row?.matched ?? 0, exhausted: Number(row?.exhausted ?? 0) };
}

/**
 * Sends some dead letters back to the topics they came from, with their key, value and headers as they were, and how often they
 * were tried; answers how many. Rows are locked while they are sent, so two that do it at once share them; after a crash
 * between sending and noting they are sent again, which is harmless for what has an event_id.
 */
export async function sendDeadLetters(db: Database, producer: Producer, redrive: UnfinishedRedrive): Promise<number> {
  return db.transaction(async (trx) => {
    const where = whereSql([
      ...notRedriven(redrive),
      `attempts < ${redrive.maxAttempts}`,
      `set_aside_at <= ${textLiteral(redrive.startedAt)}`,
    ]);
    const rows = await selectRows<StoredDeadLetter>(
      trx,
      `SELECT * FROM dead_letters ${where} ORDER BY set_aside_at, id LIMIT ${AT_ONCE} FOR UPDATE`,
    );
    if (rows.length === 0) return 0;
    for (const topic of new Set(rows.map((row) => row.topic)))
      await producer.produce(topic, rows.filter((row) => row.topic === topic).map(toRedrivenRecord));
    const ids = rows.map((row) => textLiteral(row.id)).join(',');
    await changeRows(trx, `UPDATE dead_letters SET redriven_at = ${textLiteral(sqlNow())} WHERE id IN (${ids})`);
    await countSent(trx, redrive.id, rows.length);
    return rows.length;
  });
}

function toRedrivenRecord(row: StoredDeadLetter): LaneRecord {
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
