import { compileFromJson } from '@millrace/core/schema/from-json';
import type { Stream } from '@millrace/core/schema/stream';
import { type ChildLayout, type ColumnLayout, tableLayoutOf } from '@millrace/core/table/table-layout';
import type { ChildTable, Column, Table } from './column.ts';
import { columnOf } from './column-of.ts';

/** The tables of a stream: their layout, with what brings values into each column and out of it. */
export function tableOf(stream: Stream): Table {
  const layout = tableLayoutOf(stream);
  return {
    ...layout,
    file: stream.file,
    columns: layout.columns.map(withFallback),
    ownColumns: layout.ownColumns.map(columnOf),
    children: layout.children.map(childOf),
  };
}

const childOf = ({ name, field, keyColumns, columns, fieldNames, children }: ChildLayout): ChildTable => ({
  ...{ name, field, fieldNames },
  keyColumns: keyColumns.map(columnOf),
  columns: columns.map(withFallback),
  children: children.map(childOf),
});

/** A field with a default may be newer than the rows: they read as if they had it, as Avro says of old records. */
function withFallback(layout: ColumnLayout): Column {
  const column = columnOf(layout);
  const { field } = layout;
  if (!('default' in field)) return column;
  const fallback = column.literal(compileFromJson([field])({})[field.name]);
  return fallback === undefined ? column : { ...column, fallback };
}
