import { BIGINT, DuckDBDataChunk, type DuckDBType, INTEGER, TIMESTAMP } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { AvroType } from '@millrace/core/schema/avro-type';
import type { Stream } from '@millrace/core/schema/stream';
import type { PendingRecord } from '../order/pending-record.ts';
import { columnType } from './column-type.ts';
import { CHUNK_ROWS, type Chunk, type ColumnWriter, columnWriter } from './column-writer.ts';

/** A numbered record: its place in the order of its stream, counted from 0. */
export type NumberedRecord = { readonly position: bigint; readonly record: PendingRecord };

type Column = { readonly name: string; readonly type: DuckDBType; readonly fill: Fill };
type Fill = (chunk: Chunk, column: number, rows: readonly NumberedRecord[]) => void;

/** Our own columns come first; no Avro name can have a dollar sign, so none of a schema's can be taken for them. */
const POSITION = { name: '$position', type: BIGINT } as const;

const LONG: AvroType = { kind: 'long' };
const INT: AvroType = { kind: 'int' };
const MILLIS: AvroType = { kind: 'long', logical: { name: 'timestamp-millis' } };

/** The columns of a stream's table: `$position`, `$partition`, `$offset`, `$appended_at`, then one per field. */
export function tableColumns(stream: Stream): readonly Column[] {
  return [
    { ...POSITION, fill: filled(LONG, ({ position }) => position) },
    { name: '$partition', type: INTEGER, fill: filled(INT, ({ record }) => record.partition) },
    { name: '$offset', type: BIGINT, fill: filled(LONG, ({ record }) => record.offset) },
    { name: '$appended_at', type: TIMESTAMP, fill: filled(MILLIS, ({ record }) => record.appendTime) },
    ...stream.fields.map(({ name, type }) => ({
      name,
      type: columnType(type),
      fill: filled(type, ({ record }) => record.value?.[name] ?? null),
    })),
  ];
}

function filled(type: AvroType, cell: (row: NumberedRecord) => unknown): Fill {
  const write: ColumnWriter = columnWriter(type);
  return (chunk, column, rows) => write(chunk, column, rows.map(cell));
}

/** Compiles the way of numbered records, at most `CHUNK_ROWS`, into a chunk that is used again by the next call. */
export function chunkFiller(stream: Stream): (rows: readonly NumberedRecord[]) => DuckDBDataChunk {
  const columns = tableColumns(stream);
  const raw = duckdb.create_data_chunk(columns.map(({ type }) => type.toLogicalType().logical_type));
  const wrapped = new DuckDBDataChunk(raw);
  return (rows) => {
    wrapped.reset();
    wrapped.rowCount = Math.min(rows.length, CHUNK_ROWS);
    for (const [index, { fill }] of columns.entries()) fill({ raw, wrapped }, index, rows);
    return wrapped;
  };
}

export function createTableSql(table: string, stream: Stream): string {
  const columns = tableColumns(stream).map(({ name, type }) => `${quote(name)} ${type}`);
  return `CREATE TABLE ${quote(table)} (${columns.join(', ')})`;
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
