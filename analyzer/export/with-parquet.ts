import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TIMESTAMPTZ } from '@duckdb/node-api';
import type { Stream } from '@millrace/core/schema/stream';
import type { ReaderPool } from '../ask/reader-pool.ts';
import type { StreamTable } from '../store/catalog.ts';
import { columnType } from '../store/column-type.ts';
import { quote } from '../store/stream-table.ts';
import { inRange, type TimeRange } from './time-range.ts';

/**
 * Writes a history into a file and hands its path to `use`, after which the file is removed. An aborted signal stops the
 * writing, and then `use` is not called.
 */
export type WithParquet = (
  table: StreamTable,
  range: TimeRange,
  signal: AbortSignal,
  use: (file: string) => Promise<void>,
) => Promise<void>;

/** For the casts of instants. */
const IN_UTC = "SET TimeZone = 'UTC'";

/** The position of an event, beside its own fields. Instants are in UTC in a table, and say so in a file. */
function columnsOf({ fields }: Stream): string {
  const own = fields.map(({ name, type }) => {
    const [kept, written] = [columnType(type), columnType(type, TIMESTAMPTZ)].map(String);
    return kept === written ? quote(name) : `CAST(${quote(name)} AS ${written}) AS ${quote(name)}`;
  });
  return `"$position" AS position_index, "$partition" AS position_partition, "$offset" AS position_offset,
    CAST("$appended_at" AS TIMESTAMPTZ) AS position_appended_at, ${own.join(', ')}`;
}

/**
 * Histories as Parquet, in order of the events' numbers. Rows lie in that order, and `COPY` keeps it
 * (`preserve_insertion_order`), so nothing is sorted and memory stays flat.
 * @param dir for these files alone: what an earlier process left there is removed first
 */
export function createWithParquet(pool: ReaderPool, dir: string): WithParquet {
  let ready: Promise<unknown> | undefined;

  return async ({ stream, table }, range, signal, use) => {
    ready ??= rm(dir, { recursive: true, force: true }).then(() => mkdir(dir, { recursive: true }));
    await ready;
    const file = join(dir, `${randomUUID()}.parquet`);
    const select = `SELECT ${columnsOf(stream)} FROM ${quote(table)} WHERE true${inRange(stream, range)}`;
    try {
      await run(`COPY (${select}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`, signal);
      if (!signal.aborted) await use(file);
    } finally {
      await rm(file, { force: true });
    }
  };

  async function run(sql: string, signal: AbortSignal): Promise<void> {
    await pool.useUnlimited(async (connection) => {
      if (signal.aborted) return;
      const stop = () => connection.interrupt();
      signal.addEventListener('abort', stop);
      try {
        await connection.run(IN_UTC);
        await connection.run(sql);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    });
  }
}
