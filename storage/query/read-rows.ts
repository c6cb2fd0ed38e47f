import type { Database } from '@millrace/core/database/open-database';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { Stream } from '@millrace/core/schema/stream';
import type { Table } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import type { Place } from './cursor.ts';
import type { RangeQuery } from './range-query.ts';
import { compileReadChildren } from './read-children.ts';
import { compileRowToJson, type StoredRow } from './row-to-json.ts';
import { runQuery } from './run-query.ts';
import { compilePlaceOf, compileSelectPage, selectedColumns } from './select-page.ts';

export type Json = Readonly<Record<string, unknown>>;

export type Rows = {
  readonly columns: readonly string[];
  /** One page, and the place after it when there are more rows. */
  page(query: RangeQuery): Promise<{ rows: Json[]; next: Place | undefined }>;
  /** The row of an id: the event's own, or of an `upsert` stream the row of that key. */
  find(id: string): Promise<Json | undefined>;
};

/** A stream's rows as JSON. */
export function readRows(db: Database, stream: Stream, table: Table, timeoutMs: number): Rows {
  const selectPage = compileSelectPage(stream, table);
  const placeOf = compilePlaceOf(stream, table);
  const columns = selectedColumns(table);
  const names = [...table.fieldNames, 'stored_at'];
  const toJson = compileRowToJson(columns, names);
  const readChildren = compileReadChildren(table.children);
  const [key] = table.columns.filter(({ name }) => name === table.primaryKey[0]);

  return {
    columns: names,

    async page(query) {
      const found = await runQuery(db, selectPage({ ...query, limit: query.limit + 1 }), timeoutMs);
      const rows = found.slice(0, query.limit);
      const last = rows.at(-1);
      return { rows: await whole(rows), next: last && found.length > query.limit ? placeOf(last) : undefined };
    },

    async find(id) {
      for (const name of new Set([...table.primaryKey, 'event_id'])) {
        const [row] = await findBy(name, id);
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

  async function findBy(name: string, id: string): Promise<StoredRow[]> {
    const column = table.columns.find((each) => each.name === name);
    const numeric = column?.type.name === 'int' || column?.type.name === 'bigint';
    if (numeric && !/^-?\d{1,15}$/.test(id)) return [];
    const literal = column?.literal(numeric ? Number(id) : id);
    if (literal === undefined) return [];
    const select = `SELECT ${namesSql(columns.map((each) => each.name))} FROM ${nameLiteral(table.name)}`;
    return runQuery(db, `${select} WHERE ${nameLiteral(name)} = ${literal} LIMIT 1`, timeoutMs);
  }
}
