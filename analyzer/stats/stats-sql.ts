import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { ownedSql } from '../owner/owned-sql.ts';
import { columnType } from '../store/column-type.ts';
import { instantSql } from '../store/instant-sql.ts';
import { quote } from '../store/stream-table.ts';
import type { Measure } from './measure.ts';
import type { Question } from './parse-question.ts';
import { percentileColumn, percentilesSql, sameKeys } from './percentile.ts';
import { type Known, rowsOf } from './rows-of.ts';
import { cutInto, keyAt, longestMicros, windowUnits } from './window.ts';

/** `quick` may fail where values are large, `careful` never does. */
export type Way = 'quick' | 'careful';

export type StatsSql = {
  readonly sql: string;
  readonly values: Readonly<Record<string, DuckDBValue>>;
  readonly types: Readonly<Record<string, DuckDBType>>;
};

type Values = { readonly [Part in 'values' | 'types']: Record<string, StatsSql[Part][string]> };

/** Which rows of the answer: one more than asked for tells whether there are more. */
export type Page = { readonly limit: number; readonly offset: number };

/** No field's name has a dollar sign, so none of a schema's can be taken for these. */
export const columnOf = {
  window: '"$window"',
  group: (index: number) => `"$group${index}"`,
  measure: (index: number) => `"$measure${index}"`,
  count: '"$count"',
  previous: (column: string) => column.replace('$', '$previous_'),
};

/**
 * The SQL of a question. Its columns are the window's start if there are windows, the groups, the measures and the count, and with
 * `compare=previous` the measures and the count of the window before.
 */
export function statsSql(question: Question, table: string, known: Known, page: Page, way: Way): StatsSql {
  const { window, groupBy, comparePrevious, orderBy } = question;
  const keys = [...(window ? [columnOf.window] : []), ...groupBy.map((_, index) => columnOf.group(index))];
  const given: Values = { values: {}, types: {} };
  const current = aggregated(question, rowsOf(question.stream, table, known), given, way);
  const select = comparePrevious ? withPrevious(question, current) : current;
  const order = orderBy
    ? [`${columnNamed(question, orderBy.column)} ${orderBy.descending ? 'DESC' : 'ASC'} NULLS LAST`, ...keys]
    : [...keys, columnOf.count];
  const sql = `SELECT * FROM (${select}) ORDER BY ${order.join(', ')} LIMIT ${page.limit + 1} OFFSET ${page.offset}`;
  return { sql, ...given };
}

function columnNamed({ window, groupBy, measures }: Question, name: string): string {
  if (window && name === 'window_start') return columnOf.window;
  const group = groupBy.findIndex((each) => each.name === name);
  if (group >= 0) return columnOf.group(group);
  const measure = measures.findIndex((each) => each.name === name);
  return measure >= 0 ? columnOf.measure(measure) : columnOf.count;
}

/** One row for each window and group; with a comparison, also for those before `from`, which `$asked` tells apart. */
function aggregated(question: Question, rows: string, given: Values, way: Way): string {
  const { stream, window, measures, groupBy, timezone, from, comparePrevious } = question;
  const time = quote(stream.time.name);
  const cut = window && cutInto(window, time);
  if (cut) given.values.timezone = timezone;
  const groups = groupBy.map(({ name }, index) => `${quote(name)} AS ${columnOf.group(index)}`);
  const isAsked = !window && comparePrevious ? [`${time} >= ${instantSql(from ?? 0n)} AS "$asked"`] : [];
  const keys = [...(cut?.keys ?? []), ...isAsked, ...groups];
  const keyNames = keys.map((key) => key.slice(key.lastIndexOf(' AS ') + ' AS '.length));
  const where = conditionsOf(question, time, given);
  const plain = measures.flatMap((each, index) => (each.exactly ? [] : [`${each[way]} AS ${columnOf.measure(index)}`]));
  const grouping = keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : '';
  const main = `SELECT ${[...keys, ...plain, `count(*) AS ${columnOf.count}`].join(', ')} FROM ${rows}${where}${grouping}`;
  const select = withPercentiles(main, measures, keyNames, (field) => {
    const value = quote(field);
    const present = `${where === '' ? ' WHERE' : `${where} AND`} ${value} IS NOT NULL`;
    return `SELECT ${[...keys, `${value} AS "$value"`].join(', ')} FROM ${rows}${present}`;
  });
  if (!cut) return select;
  const key = comparePrevious ? `, ${cut.key} AS "$key"` : '';
  const own = cut.keys.map((_, index) => keyNames[index]).join(', ');
  return `SELECT ${cut.start} AS ${columnOf.window}${key}, * EXCLUDE (${own}) FROM (${select})`;
}

/** Beside the other aggregates those that need queries of their own, one for each field. */
function withPercentiles(
  main: string,
  measures: readonly Measure[],
  keys: readonly string[],
  rowsWith: (field: string) => string,
): string {
  const fields = [...new Set(measures.flatMap(({ exactly }) => exactly?.field ?? []))];
  if (fields.length === 0) return main;
  const columns = measures.flatMap(({ exactly }, index) =>
    exactly
      ? [`p${fields.indexOf(exactly.field)}.${percentileColumn(exactly.percent)} AS ${columnOf.measure(index)}`]
      : [],
  );
  const joins = fields.map((field, at) => {
    const percents = [...new Set(measures.flatMap(({ exactly }) => (exactly?.field === field ? exactly.percent : [])))];
    const percentiles = percentilesSql({ rows: rowsWith(field), keys, percents });
    return ` LEFT JOIN (${percentiles}) p${at} ON ${sameKeys(keys, 'main', `p${at}`)}`;
  });
  return `SELECT main.*, ${columns.join(', ')} FROM (${main}) main${joins.join('')}`;
}

function conditionsOf(question: Question, time: string, given: Values): string {
  const { stream, from, to, filters, owner, comparePrevious } = question;
  const earliest = comparePrevious && from !== undefined ? before(from, question) : from;
  const conditions = [
    ...(earliest === undefined ? [] : [`${time} >= ${instantSql(earliest)}`]),
    ...(to === undefined ? [] : [`${time} < ${instantSql(to)}`]),
    ...(owner === undefined ? [] : [ownedSql(stream, owner)]),
    ...filters.map(({ field, values }, index) => {
      const names = values.map((value, at) => {
        const name = `filter_${index}_${at}`;
        given.values[name] = value;
        given.types[name] = columnType(field.type);
        return `$${name}`;
      });
      return `${quote(field.name)} IN (${names.join(', ')})`;
    }),
  ];
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
}

/** Each row beside the one of the window before it, which is the one that ends where it begins. */
function withPrevious({ window, groupBy, measures, from }: Question, current: string): string {
  const groups = groupBy.map((_, index) => columnOf.group(index));
  const values = [...measures.map((_, index) => columnOf.measure(index)), columnOf.count];
  const columns = [
    ...[...(window ? [columnOf.window] : []), ...groups, ...values].map((column) => `now.${column}`),
    ...values.map((column) => `before.${column} AS ${columnOf.previous(column)}`),
  ];
  const follows = window ? `before."$key" + INTERVAL 1 ${windowUnits[window]} = now."$key"` : 'NOT before."$asked"';
  const asked = window ? (from === undefined ? [] : [`now."$key" >= ${keyAt(from, window)}`]) : ['now."$asked"'];
  const where = asked.length > 0 ? ` WHERE ${asked.join(' AND ')}` : '';
  return `WITH counted AS (${current}) SELECT ${columns.join(', ')} FROM counted now
    LEFT JOIN counted before ON ${follows} AND ${sameKeys(groups, 'now', 'before')}${where}`;
}

/** The start of the window before the one that begins at `from`, at the latest. */
const before = (from: bigint, { window, to }: Question): bigint =>
  window ? from - 2n * longestMicros(window) : from - ((to ?? from) - from);
