import type { DuckDBConnection } from '@duckdb/node-api';
import type { Stream } from '@millrace/core/schema/stream';
import { createTableSql, quote, tableColumns } from './stream-table.ts';

/** Which table holds a stream's history. A stream whose topic was made anew gets a new epoch, and with it a new table. */
export type StreamTable = { readonly stream: Stream; readonly epoch: number; readonly table: string };

export const CATALOG_TABLE = `CREATE TABLE IF NOT EXISTS "$streams" (
  stream VARCHAR, epoch INTEGER, columns VARCHAR)`;

/** The stream's table: the one of its newest epoch, or a new one where there is none or its columns are not the schema's. */
export async function openStreamTable(connection: DuckDBConnection, stream: Stream): Promise<StreamTable> {
  const reader = await connection.runAndReadAll(
    'SELECT epoch, columns FROM "$streams" WHERE stream = $stream ORDER BY epoch DESC LIMIT 1',
    { stream: stream.name },
  );
  const [newest] = reader.getRows();
  if (newest?.[1] === columnsOf(stream)) return tableOf(stream, Number(newest[0]));
  return startEpoch(connection, stream, newest === undefined ? 0 : Number(newest[0]) + 1);
}

/** Makes the table of a new epoch and removes those before it, in one transaction. */
export async function startEpoch(connection: DuckDBConnection, stream: Stream, epoch: number): Promise<StreamTable> {
  const next = tableOf(stream, epoch);
  const earlier = await connection.runAndReadAll('SELECT epoch FROM "$streams" WHERE stream = $stream', {
    stream: stream.name,
  });
  await connection.run('BEGIN');
  for (const [old] of earlier.getRows())
    await connection.run(`DROP TABLE IF EXISTS ${quote(tableOf(stream, Number(old)).table)} CASCADE`);
  await connection.run(createTableSql(next.table, stream));
  await connection.run(`CREATE OR REPLACE VIEW ${quote(stream.table)} AS SELECT * FROM ${quote(next.table)}`);
  for (const table of ['$streams', '$checkpoints'])
    await connection.run(`DELETE FROM ${quote(table)} WHERE stream = $stream`, { stream: stream.name });
  await connection.run('INSERT INTO "$streams" VALUES ($stream, $epoch, $columns)', {
    stream: stream.name,
    epoch,
    columns: columnsOf(stream),
  });
  await connection.run('COMMIT');
  return next;
}

function tableOf(stream: Stream, epoch: number): StreamTable {
  return { stream, epoch, table: `${stream.table}$${epoch}` };
}

function columnsOf(stream: Stream): string {
  return tableColumns(stream)
    .map(({ name, type }) => `${name} ${type}`)
    .join(', ');
}
