import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { textLiteral } from '@millrace/core/database/sql-literal';
import type { Position } from '../query/cursor.ts';
import { type DeadLetterFilter, filterSql, whereSql } from './dead-letter-filter.ts';
import { deadLetterJson, type StoredDeadLetter } from './dead-letter-json.ts';

const COLUMNS =
  'id, stream, topic, topic_partition, record_offset, stage, code, reason, attempts, event_id, record_key, headers, appended_at, set_aside_at, redriven_at';

type ListOptions = DeadLetterFilter & {
  readonly redriven?: boolean | undefined;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: Position | undefined;
};

/** A page of dead letters in the order in which they were written, and the position after it when there are more. */
export async function listDeadLetters(db: Database, options: ListOptions) {
  const { limit, order, after, redriven } = options;
  const beyond = order === 'asc' ? '>' : '<';
  const conditions = [
    ...filterSql(options),
    ...(redriven === undefined ? [] : [`redriven_at IS ${redriven ? 'NOT ' : ''}NULL`]),
    ...(after ? [afterSql(after, beyond)] : []),
  ];
  const by = order.toUpperCase();
  const found = await selectRows<Omit<StoredDeadLetter, 'record_value'>>(
    db,
    `SELECT ${COLUMNS} FROM dead_letters ${whereSql(conditions)} ORDER BY set_aside_at ${by}, id ${by} LIMIT ${limit + 1}`,
  );
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const next: Position | undefined =
    last && found.length > limit ? { time: last.set_aside_at, key: last.id } : undefined;
  return { rows: rows.map(deadLetterJson), next };
}

/** One dead letter with its value. */
export async function findDeadLetter(db: Database, id: string) {
  const [row] = await selectRows<StoredDeadLetter>(
    db,
    `SELECT ${COLUMNS}, record_value FROM dead_letters WHERE id = ${textLiteral(id)}`,
  );
  return row && deadLetterJson(row);
}

function afterSql({ time, key }: Position, beyond: '>' | '<'): string {
  const at = textLiteral(time);
  return `set_aside_at ${beyond}= ${at} AND (set_aside_at ${beyond} ${at} OR id ${beyond} ${textLiteral(String(key))})`;
}
