import type { DuckDBValue } from '@duckdb/node-api';
import { columnType } from '../store/column-type.ts';
import { quote } from '../store/stream-table.ts';
import type { Question, Window } from './parse-question.ts';
import { rowsOf } from './rows-of.ts';

export type StatsSql = { readonly sql: string; readonly values: Readonly<Record<string, DuckDBValue>> };

const UNITS: Readonly<Record<Window, string>> = {
  '1m': 'minute',
  '1h': 'hour',
  '1d': 'day',
  '1w': 'week',
  '1mo': 'month',
};

/**
 * The SQL of a question. Its columns are `window_start` if there are windows, the groups, the measures, `count`, and with
 * `compare=previous` the measures and the count of the window before under the same names with `previous ` in front.
 */
export function statsSql(question: Question, table: string): StatsSql {
  const { window, groupBy, comparePrevious, orderBy, limit } = question;
  const groups = groupBy.map(({ name }) => quote(name));
  const keys = [...(window ? ['window_start'] : []), ...groups];
  const values: Record<string, DuckDBValue> = {};
  const current = aggregated(question, table, values);
  const select = comparePrevious ? withPrevious(question, current) : current;
  const order = orderBy
    ? [`${quote(orderBy.column)} ${orderBy.descending ? 'DESC' : 'ASC'} NULLS LAST`, ...keys]
    : [...keys, 'count'];
  return { sql: `SELECT * FROM (${select}) ORDER BY ${order.join(', ')} LIMIT ${limit}`, values };
}

/** One row for each window and group; with a comparison, also for those before `from`, which `$asked` tells apart. */
function aggregated(question: Question, table: string, values: Record<string, DuckDBValue>): string {
  const { stream, window, measures, groupBy, timezone, from, to, filters, comparePrevious } = question;
  const time = quote(stream.time.name);
  const groups = groupBy.map(({ name }) => quote(name));
  const columns = [
    ...measures.filter(({ name }) => name !== 'count').map(({ name, sql }) => `${sql} AS ${quote(name)}`),
    'count(*) AS count',
  ];
  const cut = window ? cutInto(window, time) : undefined;
  if (cut) values.timezone = timezone;
  const period = !window && comparePrevious ? `${time} >= ${instantSql(from ?? 0)}` : undefined;
  const earliest = comparePrevious && from !== undefined ? before(from, question) : from;
  const conditions = [
    ...(earliest === undefined ? [] : [`${time} >= ${instantSql(earliest)}`]),
    ...(to === undefined ? [] : [`${time} < ${instantSql(to)}`]),
    ...filters.map(({ field, values: wanted }, index) => {
      const names = wanted.map((value, at) => {
        values[`filter_${index}_${at}`] = value;
        return `CAST($filter_${index}_${at} AS ${columnType(field.type)})`;
      });
      return `${quote(field.name)} IN (${names.join(', ')})`;
    }),
  ];
  const keys = [...(cut?.keys ?? []), ...(period ? [`${period} AS "$asked"`] : []), ...groups];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const grouping = keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : '';
  const select = `SELECT ${[...keys, ...columns].join(', ')} FROM ${rowsOf(stream, table)}${where}${grouping}`;
  if (!cut) return select;
  const key = comparePrevious ? `, ${cut.key} AS "$key"` : '';
  return `SELECT ${cut.start} AS window_start${key}, * EXCLUDE ("$clock", "$begin") FROM (${select})`;
}

/** Each row beside the one of the window before it, which is the one that ends where it begins. */
function withPrevious(question: Question, current: string): string {
  const { window, groupBy, measures, from } = question;
  const same = groupBy.map(({ name }) => `now.${quote(name)} IS NOT DISTINCT FROM before.${quote(name)}`);
  const names = [...new Set([...measures.map(({ name }) => name), 'count'])];
  const columns = [
    ...(window ? ['now.window_start'] : []),
    ...groupBy.map(({ name }) => `now.${quote(name)}`),
    ...names.map((name) => `now.${quote(name)}`),
    ...names.map((name) => `before.${quote(name)} AS ${quote(`previous ${name}`)}`),
  ];
  const follows = window ? `before."$key" + INTERVAL 1 ${UNITS[window]} = now."$key"` : 'NOT before."$asked"';
  const asked = window ? (from === undefined ? [] : [`now."$key" >= ${firstKey(from, window)}`]) : ['now."$asked"'];
  const where = asked.length > 0 ? ` WHERE ${asked.join(' AND ')}` : '';
  return `WITH counted AS (${current}) SELECT ${columns.join(', ')} FROM counted now
    LEFT JOIN counted before ON ${[follows, ...same].join(' AND ')}${where}`;
}

type Cut = {
  /** What rows are grouped by: the clock's time at which the window begins, and for minutes and hours the instant. */
  readonly keys: readonly string[];
  /** Of these, the first instant of the window. */
  readonly start: string;
  /** Of these, what the next window's is one unit after. */
  readonly key: string;
};

/**
 * Days, weeks (from Monday) and months begin at midnight of the time zone, so a day may have 23 or 25 hours; where the clocks
 * change at midnight, with the first instant of the date. Minutes and hours are cut from the time's own offset, so that the
 * hour which a clock set back repeats is two windows; where clocks change by half an hour, one begins with the change.
 */
function cutInto(window: Window, time: string): Cut {
  const clock = `date_trunc('${UNITS[window]}', ${localTime(time)})`;
  if (window === '1m' || window === '1h') {
    const begin = `(${time} - (${localTime(time)} - ${clock}))`;
    const changed = `abs(epoch_us("$clock") - epoch_us(${localTime('"$begin"')}))`;
    const start = `("$begin" + to_microseconds(${changed}))`;
    return { keys: [`${clock} AS "$clock"`, `${begin} AS "$begin"`], start, key: start };
  }
  const midnight = `timezone('UTC', timezone($timezone, "$clock"))`;
  const earlier = `(${midnight} - INTERVAL 1 HOUR)`;
  const start = `CASE WHEN ${localTime(earlier)} = "$clock" THEN ${earlier} ELSE ${midnight} END`;
  return { keys: [`${clock} AS "$clock"`, 'NULL AS "$begin"'], start, key: '"$clock"' };
}

const localTime = (instant: string) => `timezone($timezone, timezone('UTC', ${instant}))`;

function firstKey(from: number, window: Window): string {
  const { keys, key } = cutInto(window, instantSql(from));
  return `(SELECT ${key} FROM (SELECT ${keys.join(', ')}))`;
}

/** The start of the window before the one that begins at `from`, at the latest. */
function before(from: number, { window, to }: Question): number {
  const longest: Readonly<Record<Window, number>> = {
    '1m': 60e3,
    '1h': 3_600e3,
    '1d': 90_000e3,
    '1w': 608_400e3,
    '1mo': 2_682_000e3,
  };
  return window ? from - 2 * longest[window] : from - ((to ?? from) - from);
}

const instantSql = (millis: number) => `make_timestamp(${Math.trunc(millis)}000::BIGINT)`;
