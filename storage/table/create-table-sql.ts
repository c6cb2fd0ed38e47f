import { nameLiteral } from '@millrace/core/database/sql-literal';
import { sqlTypeText, takesPlainDefault } from '@millrace/core/table/sql-type';
import type { Index } from '@millrace/core/table/table-layout';
import type { ChildTable, Column, Table } from './column.ts';

/** What a table looks like in the database, be it a stream's own or that of an array's elements. */
export type TableShape = {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly Index[];
};

/** A stream's table and the tables of its arrays, parents first. */
export function shapesOf(table: Table): TableShape[] {
  const { name, columns, ownColumns, primaryKey, indexes } = table;
  return [{ name, columns: [...columns, ...ownColumns], primaryKey, indexes }, ...table.children.flatMap(childShapes)];
}

function childShapes({ name, keyColumns, columns, children }: ChildTable): TableShape[] {
  const shape = {
    name,
    columns: [...keyColumns, ...columns],
    primaryKey: keyColumns.map((key) => key.name),
    indexes: [],
  };
  return [shape, ...children.flatMap(childShapes)];
}

export function createTableSql({ name, columns, primaryKey, indexes }: TableShape): string {
  const lines = [
    ...columns.map(columnSql),
    `PRIMARY KEY (${namesSql(primaryKey)})`,
    ...indexes.map((index) => `KEY ${nameLiteral(index.name)} (${namesSql(index.columns)})`),
  ];
  return `CREATE TABLE IF NOT EXISTS ${nameLiteral(name)} (\n  ${lines.join(',\n  ')}\n) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
}

/** A column as DDL names it. */
export function columnSql(column: Column): string {
  const { name, type, nullable, fallback } = column;
  const missing = fallback === undefined ? '' : ` DEFAULT ${takesPlainDefault(type) ? fallback : `(${fallback})`}`;
  return `${nameLiteral(name)} ${sqlTypeText(type)} ${nullable ? 'NULL' : 'NOT NULL'}${missing}`;
}

export const namesSql = (names: readonly string[]): string => names.map(nameLiteral).join(', ');
