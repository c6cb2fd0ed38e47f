import type { Database } from '@millrace/core/database/open-database';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import { compileFromText } from '@millrace/core/schema/from-text';
import type { Stream } from '@millrace/core/schema/stream';
import type { Table } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import type { Position } from './cursor.ts';
import { equalSql } from './equal-sql.ts';
import { compileOwnedBy } from './owned-by.ts';
import type { RangeQuery } from './range-query.ts';
import { compileReadChildren } from './read-children.ts';
import { compileRowToJson, type StoredRow } from './row-to-json.ts';
import { runQuery } from './run-query.ts';
import { compilePositionOf, compileSelectPage, selectedColumns } from './select-page.ts';

export type Json = Readonly<Record<string, unknown>>;

export type Rows = {
  readonly columns: readonly string[];
  /** One page, and the position after it when there are more rows. */
  page(query: RangeQuery): Promise<{ rows: Json[]; next: Position | undefined }>;
  /** The row of an id: the event's own, or of an `upsert` stream the row of that key. With an owner, only if it is theirs. */
  find(id: string, owner?: string): Promise<Json | undefined>;
};

/** A stream's rows as JSON. */
export function readRows(db: Database, stream: Stream, table: Table, timeoutMs: number): Rows {
  const selectPage = compileSelectPage(stream, table);
  const positionOf = compilePositionOf(stream, table);
  const columns = selectedColumns(table);
  const names = [...table.fieldNames, 'stored_at'];
  const toJson = compileRowToJson(columns, names);
  const readChildren = compileReadChildren(table.children);
  const ownedBy = compileOwnedBy(stream, table);
  const [key] = table.columns.filter(({ name }) => name === table.primaryKey[0]);

  return {
    columns: names,

    async page(query) {
      const found = await runQuery(db, selectPage({ ...query, limit: query.limit + 1 }), timeoutMs);
      const rows = found.slice(0, query.limit);
      const last = rows.at(-1);
      return { rows: await whole(rows), next: last && found.length > query.limit ? positionOf(last) : undefined };
    },

    async find(id, owner) {
      const owned = owner === undefined ? '' : ` AND ${ownedBy(owner)}`;
      for (const name of new Set([...table.primaryKey, 'event_id'])) {
        const [row] = await findBy(name, id, owned);
        if (row) return (await whole([row]))[0];
      }
      return undefined;
    },
  };

  /** With the arrays that are rows of child tables. */
  async function whole(rows: readonly StoredRow[]): Promise<Json[]> {
    const found = rows.map(toJson);
    if (table.children.length === 0 || !key) return found;
    const parents = new Map(found.map((row, index) => [String(rows[index]?.[key.name]), row]));
    const keys = rows.map((row) => key.literal(row[key.name]) ?? 'NULL');
    await readChildren((sql) => runQuery(db, sql, timeoutMs), keys, parents);
    return found;
  }

  async function findBy(name: string, id: string, owned: string): Promise<StoredRow[]> {
    const column = table.columns.find((each) => each.name === name);
    const field = stream.fields.find((each) => each.name === name);
    const read = field && compileFromText(field)(id);
    const condition = column && read && 'value' in read ? equalSql(column, read.value) : undefined;
    if (condition === undefined) return [];
    const select = `SELECT ${namesSql(columns.map((each) => each.name))} FROM ${nameLiteral(table.name)}`;
    return runQuery(db, `${select} WHERE ${condition}${owned} LIMIT 1`, timeoutMs);
  }
}
