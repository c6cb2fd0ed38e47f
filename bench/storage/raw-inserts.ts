import { inParallel } from './in-parallel.ts';
import { RAW_COLUMNS, rawRows } from './raw-rows.ts';

const STATEMENT_ROWS = 1_000;

/** Inserts rows of runs with mysql2 alone, 1,000 a statement, into a table; answers rows a second. */
export function rawInserts(databaseUrl: string, table: string, count: number, connections: number): Promise<number> {
  const rows = rawRows(count);
  const starts = Array.from({ length: Math.ceil(count / STATEMENT_ROWS) }, (_, n) => n * STATEMENT_ROWS);
  return inParallel(databaseUrl, connections, count, starts, async (connection, start) => {
    const some = rows.slice(start, start + STATEMENT_ROWS);
    await connection.query(`INSERT INTO \`${table}\` (${RAW_COLUMNS}) VALUES ?`, [some]);
  });
}
