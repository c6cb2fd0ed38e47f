import { formatDecimal } from '@millrace/core/schema/decimal';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { scalarJson } from '../store/from-duck.ts';
import type { Question } from './parse-question.ts';
import { settled } from './settled.ts';
import { statsSql } from './stats-sql.ts';

type Row = Record<string, unknown>;

export async function answerQuestion(pool: ReaderPool, question: Question, table: string): Promise<Row[]> {
  const { sql, values } = statsSql(question, table);
  const computed = new Set(
    question.measures.flatMap((each) => (each.computed ? [each.name, `previous ${each.name}`] : [])),
  );
  const reader = await pool.use((connection) => connection.runAndReadAll(sql, { ...values }));
  const columns = reader.columnNames().map((name) => ({ name, computed: computed.has(name) }));
  const rows = reader.getRows().map((row) =>
    Object.fromEntries(
      columns.map((column, index) => {
        const value = scalarJson(row[index] ?? null);
        return [column.name, column.computed ? settled(value) : value];
      }),
    ),
  );
  return question.comparePrevious ? rows.map((row) => compared(question, row)) : rows;
}

/** Puts the window before in an object of its own, and beside it how much each number has changed since. */
function compared({ measures }: Question, row: Row): Row {
  const names = [...new Set([...measures.map(({ name }) => name), 'count'])];
  const own = Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('previous ')));
  const previous = Object.fromEntries(names.map((name) => [name, row[`previous ${name}`] ?? null]));
  const isThere = previous.count !== null;
  const decimals = new Set(measures.flatMap(({ name, decimal }) => (decimal ? [name] : [])));
  const change = names.flatMap((name) => {
    const [now, then] = [row[name], previous[name]];
    if (typeof now === 'number' && typeof then === 'number') return [[name, difference(now, then)]];
    if (!decimals.has(name) || typeof now !== 'string' || typeof then !== 'string') return [];
    return [[name, decimalDifference(now, then)]];
  });
  return { ...own, previous: isThere ? previous : null, change: isThere ? Object.fromEntries(change) : null };
}

/** To as many decimals as doubles of that size can have, so that 1.3 - 1.1 is 0.2. */
function difference(now: number, then: number): number {
  const whole = Math.max(Math.abs(now), Math.abs(then)).toFixed(0).length;
  return Number((now - then).toFixed(Math.min(15, Math.max(0, 15 - whole))));
}

/** Of two decimals of the same scale. */
function decimalDifference(now: string, then: string): string {
  const [a, b] = [now, then].map((text) => BigInt(text.replace('.', '')));
  return formatDecimal((a ?? 0n) - (b ?? 0n), now.split('.')[1]?.length ?? 0);
}
