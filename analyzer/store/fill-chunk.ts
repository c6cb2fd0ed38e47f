import { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb, { type Vector } from '@duckdb/node-bindings';
import { type Run, recordsIn } from '@millrace/core/order/merge-partitions';
import type { Stream } from '@millrace/core/schema/stream';
import type { ColumnVector } from '../read/column-vectors.ts';
import type { RecordBlock } from '../read/read-block.ts';
import { OWN_COLUMNS, tableColumns } from './stream-table.ts';
import { compileToDuck } from './to-duck.ts';

/** DuckDB's vector size: the most rows a chunk can have. Handing over fewer at a time costs nearly as much. */
export const CHUNK_ROWS = 2_048;

/** Fills a chunk with runs of at most `CHUNK_ROWS` records, numbered from `position` on; the next call uses it again. */
export type FillChunk = (runs: readonly Run<RecordBlock>[], position: bigint) => DuckDBDataChunk;

export function chunkFiller(stream: Stream): FillChunk {
  const raw = duckdb.create_data_chunk(tableColumns(stream).map(({ type }) => type.toLogicalType().logical_type));
  const chunk = new DuckDBDataChunk(raw);
  const own = ownCells();
  const converters = stream.fields.map(({ type }) => compileToDuck(type));

  return (runs, position) => {
    const rows = recordsIn(runs);
    chunk.reset();
    chunk.rowCount = rows;
    for (const [column, bytes] of own(runs, position).entries())
      duckdb.copy_data_to_vector(vector(column), 0, bytes, 0, (rows * bytes.byteLength) / CHUNK_ROWS);
    for (const [field, convert] of converters.entries()) {
      const column = OWN_COLUMNS.length + field;
      const parts = runs.map(({ block, from, to }) => ({ cells: block.cells[field], from, to }));
      const values = copyParts(vector(column), parts);
      if (values) chunk.setColumnValues(column, values.map(convert));
    }
    return chunk;
  };

  function vector(column: number): Vector {
    return duckdb.data_chunk_get_vector(raw, column);
  }
}

type Part = { readonly cells: ColumnVector | undefined; readonly from: number; readonly to: number };

/** Copies a column that is laid out as a vector already; returns the values of one that is not. */
function copyParts(vector: Vector, parts: readonly Part[]): unknown[] | undefined {
  const values: unknown[] = [];
  const nulls: number[] = [];
  let row = 0;
  for (const { cells, from, to } of parts) {
    if (cells?.kind === 'values') values.push(...cells.values.slice(from, to));
    if (cells?.kind === 'fixed') {
      const { width, data } = cells;
      duckdb.copy_data_to_vector(vector, row * width, data, from * width, (to - from) * width);
      if (cells.nulls) for (let i = from; i < to; i += 1) if (cells.nulls[i] === 1) nulls.push(row + i - from);
    }
    if (cells?.kind === 'bytes') {
      const { data, bounds } = cells;
      for (let i = from; i < to; i += 1) {
        if (cells.nulls?.[i] === 1) nulls.push(row + i - from);
        else
          duckdb.vector_assign_string_element_len(
            vector,
            row + i - from,
            data.subarray(bounds[i * 2], bounds[i * 2 + 1]),
          );
      }
    }
    if (cells?.kind === 'texts')
      for (let i = from; i < to; i += 1) {
        const text = cells.values[i];
        if (typeof text === 'string') duckdb.vector_assign_string_element(vector, row + i - from, text);
        else nulls.push(row + i - from);
      }
    row += to - from;
  }
  if (nulls.length > 0) markNulls(vector, nulls);
  return values.length > 0 ? values : undefined;
}

function markNulls(vector: Vector, rows: readonly number[]) {
  const validity = new Uint8Array(CHUNK_ROWS / 8).fill(255);
  for (const row of rows) validity[row >> 3] = (validity[row >> 3] ?? 0) & ~(1 << (row & 7));
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, validity.length);
}

/** Position, partition, offset and append time of each row, in buffers that the next call uses again. */
function ownCells(): (runs: readonly Run<RecordBlock>[], position: bigint) => ArrayBuffer[] {
  const positions = new BigInt64Array(new ArrayBuffer(CHUNK_ROWS * 8));
  const partitions = new Int32Array(new ArrayBuffer(CHUNK_ROWS * 4));
  const offsets = new BigInt64Array(new ArrayBuffer(CHUNK_ROWS * 8));
  const appendTimes = new BigInt64Array(new ArrayBuffer(CHUNK_ROWS * 8));

  return (runs, position) => {
    let row = 0;
    for (const { partition, block, from, to } of runs)
      for (let i = from; i < to; i += 1) {
        positions[row] = position + BigInt(row);
        partitions[row] = partition;
        offsets[row] = block.offsets[i] ?? 0n;
        appendTimes[row] = BigInt(block.appendTimes[i] ?? 0) * 1_000n;
        row += 1;
      }
    return [positions.buffer, partitions.buffer, offsets.buffer, appendTimes.buffer];
  };
}
