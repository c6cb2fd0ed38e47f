import { BIGINT, type DuckDBType, INTEGER, TIMESTAMP } from '@duckdb/node-api';
import type { Stream } from '@millrace/core/schema/stream';
import { columnType } from './column-type.ts';

export type Column = { readonly name: string; readonly type: DuckDBType };

/** Our own columns come first; no Avro name can have a dollar sign, so none of a schema's can be taken for them. */
export const OWN_COLUMNS: readonly Column[] = [
  { name: '$position', type: BIGINT },
  { name: '$partition', type: INTEGER },
  { name: '$offset', type: BIGINT },
  { name: '$appended_at', type: TIMESTAMP },
];

/** The columns of a stream's table: our own, then one per field. */
export function tableColumns(stream: Stream): readonly Column[] {
  return [...OWN_COLUMNS, ...stream.fields.map(({ name, type }) => ({ name, type: columnType(type) }))];
}

/** Their names as SQL, for a query whose rows have a value for each. */
export const columnNames = (stream: Stream): string =>
  tableColumns(stream)
    .map(({ name }) => quote(name))
    .join(', ');

export function createTableSql(table: string, stream: Stream): string {
  const columns = tableColumns(stream).map(({ name, type }) => `${quote(name)} ${type}`);
  return `CREATE TABLE ${quote(table)} (${columns.join(', ')})`;
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
