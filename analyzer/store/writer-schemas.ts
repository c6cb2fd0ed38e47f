import type { DuckDBConnection } from '@duckdb/node-api';

/** The ids (unsigned 32-bit) of the schemas that a history's records were written under, and `UNUSABLE` when some could not be used. */
export type WriterSchemas = ReadonlySet<number>;

export const UNUSABLE = -1;

export const WRITERS_TABLE = `CREATE TABLE IF NOT EXISTS "$writers" (
  stream VARCHAR, epoch INTEGER, schema_id BIGINT)`;

export async function loadWriterSchemas(
  connection: DuckDBConnection,
  stream: string,
  epoch: number,
): Promise<Set<number>> {
  const reader = await connection.runAndReadAll(
    'SELECT schema_id FROM "$writers" WHERE stream = $stream AND epoch = $epoch',
    { stream, epoch },
  );
  return new Set(reader.getRows().map(([id]) => Number(id)));
}

/** To be called inside the transaction that appends the first rows written under them. */
export async function saveWriterSchemas(
  connection: DuckDBConnection,
  stream: string,
  epoch: number,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = ids.map((id) => `($stream, $epoch, ${id})`);
  await connection.run(`INSERT INTO "$writers" VALUES ${rows.join(', ')}`, { stream, epoch });
}
