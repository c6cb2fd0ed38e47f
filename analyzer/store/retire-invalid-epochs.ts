import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from './stream-table.ts';

/** A number in the text of a list, a map or a record that is none. */
const NOT_FINITE = String.raw`(^|[\[ =])-?(nan|inf)([\],}]|$)`;

/**
 * Retires the epochs that hold a value which is invalid since format 3: NaN, infinity, a time outside the years 1000 to
 * 9999. Other replicas give such a record no number, so these streams are read again, into a new epoch.
 */
export async function retireInvalidEpochs(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT stream, epoch, revision FROM "$streams" WHERE NOT retired');
  for (const [name, epoch, revision] of reader.getRows()) {
    const stream = String(name);
    const table = `${stream.replaceAll('-', '_')}$${epoch}${Number(revision) > 0 ? `$${revision}` : ''}`;
    if (!(await hasInvalid(connection, table))) continue;
    await connection.run('UPDATE "$streams" SET retired = true WHERE stream = $stream AND epoch = $epoch', {
      stream,
      epoch: Number(epoch),
    });
  }
}

async function hasInvalid(connection: DuckDBConnection, table: string): Promise<boolean> {
  const columns = await connection.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table AND column_name NOT LIKE '$%'`,
    { table },
  );
  const conditions = columns.getRows().flatMap(([name, type]) => conditionOf(quote(String(name)), String(type)) ?? []);
  if (conditions.length === 0) return false;
  const found = await connection.runAndReadAll(
    `SELECT 1 FROM ${quote(table)} WHERE ${conditions.join(' OR ')} LIMIT 1`,
  );
  return found.currentRowCount > 0;
}

function conditionOf(column: string, type: string): string | undefined {
  if (type === 'DOUBLE' || type === 'FLOAT') return `NOT isfinite(${column})`;
  if (type === 'DATE' || type === 'TIMESTAMP') return `year(${column}) NOT BETWEEN 1000 AND 9999`;
  if (/DOUBLE|FLOAT/.test(type)) return `regexp_matches(${column}::VARCHAR, '${NOT_FINITE}')`;
  return undefined;
}
