import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { ChildTable } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import { compileRowToJson, type JsonRow, type StoredRow } from './row-to-json.ts';

/** Fills the arrays of parents, and theirs, with the child rows of their keys, in order. */
export type ReadChildren = (
  run: (sql: string) => Promise<StoredRow[]>,
  /** As SQL literals. */
  keys: readonly string[],
  /** By the key and the positions on the way, joined with `/`. */
  parents: ReadonlyMap<string, JsonRow>,
) => Promise<void>;

export function compileReadChildren(children: readonly ChildTable[]): ReadChildren {
  const readers = children.map(compileReadOne);
  return async (run, keys, parents) => {
    if (keys.length === 0) return;
    for (const read of readers) await read(run, keys, parents);
  };
}

function compileReadOne({ name, field, keyColumns, columns, fieldNames, children }: ChildTable): ReadChildren {
  const keyNames = keyColumns.map((column) => column.name);
  const all = namesSql([...keyNames, ...columns.map((column) => column.name)]);
  const select = `SELECT ${all} FROM ${nameLiteral(name)} WHERE parent_key IN `;
  const toJson = compileRowToJson(columns, fieldNames);
  const readInner = compileReadChildren(children);

  return async (run, keys, parents) => {
    const rows = await run(`${select}(${keys.join(',')}) ORDER BY ${namesSql(keyNames)}`);
    const elements = new Map<string, JsonRow>();
    for (const row of rows) {
      const path = keyNames.map((key) => row[key]);
      const element = toJson(row);
      const siblings = parents.get(path.slice(0, -1).join('/'))?.[field];
      if (Array.isArray(siblings)) siblings.push(element);
      elements.set(path.join('/'), element);
    }
    if (elements.size > 0) await readInner(run, keys, elements);
  };
}
