import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { Stream } from '@millrace/core/schema/stream';
import type { Table } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import { boundSql } from './bound-sql.ts';
import type { Position } from './cursor.ts';
import { cursorTypes, type RangeQuery } from './range-query.ts';
import type { StoredRow } from './row-to-json.ts';
import { storedLiteral } from './stored-literal.ts';

type Page = Pick<RangeQuery, 'from' | 'to' | 'filters' | 'owned' | 'order' | 'after' | 'limit'>;

/** What a client gets of a row: the schema's fields, and when it was stored. */
const selected = (table: Table) => [...table.columns, ...table.ownColumns.filter(({ name }) => name === 'stored_at')];

/** Compiles the statement for one page of a range: by time and, among equal times, by key, starting after a place. */
export function compileSelectPage(stream: Stream, table: Table) {
  const [primary = ''] = table.primaryKey;
  const time = nameLiteral(stream.time.name);
  const key = nameLiteral(primary);
  const types = cursorTypes(stream, table);
  const select = `SELECT ${namesSql(selected(table).map(({ name }) => name))} FROM ${nameLiteral(table.name)}`;

  return ({ from, to, filters, owned, order, after, limit }: Page): string => {
    const conditions = [
      ...filters.values(),
      ...(owned === undefined ? [] : [owned]),
      ...(from === undefined ? [] : [boundSql(stream.time, '>=', from)]),
      ...(to === undefined ? [] : [boundSql(stream.time, '<', to)]),
      ...(after ? [afterSql(after, order === 'asc' ? '>' : '<')] : []),
    ];
    const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    const by = order.toUpperCase();
    return `${select}${indexSql([...filters.keys()])}${where} ORDER BY ${time} ${by}, ${key} ${by} LIMIT ${limit}`;
  };

  /** Named, as MySQL would now and then rather read and sort a whole table. */
  function indexSql(filtered: readonly string[]): string {
    if (filtered.includes(primary)) return '';
    const leads = filtered.length > 0 ? filtered : [stream.time.name];
    const index = table.indexes.find(({ columns: [first = ''] }) => leads.includes(first));
    return index ? ` FORCE INDEX (${nameLiteral(index.name)})` : '';
  }

  /** The first half lets the index find the position, the second leaves out what shares its time and came before. */
  function afterSql(after: Position, beyond: '>' | '<'): string {
    const at = storedLiteral(types.time, after.time);
    const last = storedLiteral(types.key, after.key);
    if (at === undefined || last === undefined) throw new Error(`no row of ${table.name} is at that position`);
    return `${time} ${beyond}= ${at} AND (${time} ${beyond} ${at} OR ${key} ${beyond} ${last})`;
  }
}

/** The position of a row in its list. */
export function compilePositionOf(stream: Stream, table: Table): (row: StoredRow) => Position {
  const [primary = ''] = table.primaryKey;
  return (row) => {
    const key = row[primary];
    return { time: String(row[stream.time.name]), key: typeof key === 'number' ? key : String(key) };
  };
}

export { selected as selectedColumns };
