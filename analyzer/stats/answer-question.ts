import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { type Fault, Problem } from '@millrace/core/problem/problem';
import type { ReaderPool } from '../ask/reader-pool.ts';
import type { StreamTable } from '../store/catalog.ts';
import { compileFromDuck } from '../store/from-duck.ts';
import { arithmeticFault, noneIfArithmetic } from './arithmetic-fault.ts';
import { compared } from './compare-previous.ts';
import { type Fresh, type Position, readCursor, writeCursor } from './cursor.ts';
import type { Question } from './parse-question.ts';
import { knownNow } from './rows-of.ts';
import { columnOf, statsSql, type Way } from './stats-sql.ts';

export type Row = Readonly<Record<string, unknown>>;

export type Answer = {
  readonly rows: readonly Row[];
  /** Of the page after this one, if there is more. */
  readonly cursor: string | undefined;
  /** As given, or of the first page. */
  readonly fresh: Fresh;
};

/** A history as it stands: its table, and how many records have a number. */
export type Counted = { readonly table: StreamTable; count(): bigint };

/** Throws `not-computable` when the values do not allow what is asked, naming each measure and why. */
export function answerQuestion(
  pool: ReaderPool,
  question: Question,
  history: Counted,
  fresh: Fresh = { as_of: null, lag: 0 },
): Promise<Answer> {
  return pool.use(async (connection) => {
    const position = await positionOf(connection, question, history, fresh);
    const rows = await inSomeWay(connection, question, history.table, position);
    const { limit } = question;
    const next = { ...position, offset: position.offset + limit };
    return {
      rows: rows.slice(0, limit),
      fresh: position.fresh,
      cursor: rows.length > limit ? writeCursor(question.identity, next) : undefined,
    };
  });
}

async function positionOf(
  connection: DuckDBConnection,
  { identity, cursor }: Question,
  { table, count }: Counted,
  fresh: Fresh,
): Promise<Position> {
  if (cursor === undefined)
    return { ...(await knownNow(connection, table, count())), epoch: table.epoch, offset: 0, fresh };
  const position = readCursor(identity, cursor);
  if (position.epoch !== table.epoch)
    throw new Problem('gone', 'The history that this cursor belongs to was replaced: ask again without it.');
  return position;
}

/** Carefully only when that is needed: it takes longer, and values that need it are rare. */
async function inSomeWay(
  connection: DuckDBConnection,
  question: Question,
  table: StreamTable,
  position: Position,
): Promise<Row[]> {
  const quick = await inOneWay(connection, question, table, position, 'quick').catch(noneIfArithmetic);
  if (quick && quick.faults.length === 0) return quick.rows;
  const careful = await inOneWay(connection, question, table, position, 'careful').catch((error: unknown) => {
    const message = arithmeticFault(error);
    if (message === undefined) throw error;
    throw notComputable([{ pointer: '/query', message }], error);
  });
  if (careful.faults.length > 0) throw notComputable(careful.faults);
  return careful.rows;
}

async function inOneWay(
  connection: DuckDBConnection,
  question: Question,
  { table }: StreamTable,
  position: Position,
  way: Way,
): Promise<{ rows: Row[]; faults: Fault[] }> {
  const { sql, values, types } = statsSql(question, table, position, { ...position, limit: question.limit }, way);
  const reader = await connection.runAndReadAll(sql, { ...values }, { ...types });
  const faults = new Map<string, Fault>();
  const convert = compileRow(question, (name, reason) =>
    faults.set(name, { pointer: '/query/measure', message: `${name} has no value: ${reason}` }),
  );
  const rows = reader.getRowObjects().map(convert);
  return { rows, faults: [...faults.values()] };
}

function notComputable(errors: readonly Fault[], cause?: unknown): Problem {
  return new Problem('not-computable', errors.map(({ message }) => `${message}.`).join(' '), {
    errors,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** @param onFault called with each measure that has no value in some row, and why */
function compileRow(question: Question, onFault: (name: string, reason: string) => void) {
  const { stream, window, groupBy, measures, comparePrevious } = question;
  const instant = compileFromDuck(stream.time.type);
  const groups = groupBy.map(({ name, type }, index) => ({
    ...{ name, column: columnOf.group(index) },
    convert: compileFromDuck(type),
  }));
  const numbers = [
    ...measures.map((each, index) => ({ ...each, column: columnOf.measure(index) })),
    { name: 'count', column: columnOf.count, toJson: Number, outOfRange: '' },
  ];
  type Found = Readonly<Record<string, DuckDBValue>>;
  const valueIn = (row: Found, column: string) => row[column.slice(1, -1)] ?? null;
  const numbersIn = (row: Found, columnFor = (column: string) => column): Row =>
    Object.fromEntries(
      numbers.map(({ name, column, toJson, outOfRange }) => {
        const value = toJson(valueIn(row, columnFor(column)));
        if (value === undefined) onFault(name, outOfRange);
        return [name, value];
      }),
    );

  return (row: Found): Row => {
    const own = {
      ...(window ? { window_start: instant(valueIn(row, columnOf.window)) } : {}),
      ...Object.fromEntries(groups.map(({ name, column, convert }) => [name, convert(valueIn(row, column))])),
    };
    const now = numbersIn(row);
    if (!comparePrevious) return { ...own, ...now };
    const isThere = valueIn(row, columnOf.previous(columnOf.count)) !== null;
    const previous = isThere ? numbersIn(row, columnOf.previous) : null;
    return { ...own, ...now, ...compared(now, previous, onFault) };
  };
}
