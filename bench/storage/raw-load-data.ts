import { Readable } from 'node:stream';
import { inParallel } from './in-parallel.ts';
import { RAW_COLUMNS, rawRows } from './raw-rows.ts';

/** As many as storage puts in a transaction. */
const STATEMENT_ROWS = 3_000;

/** Writes the same rows by LOAD DATA LOCAL, their lines made before the clock starts; answers rows a second. */
export function rawLoadData(databaseUrl: string, table: string, count: number, connections: number): Promise<number> {
  const rows = rawRows(count);
  const files: Buffer[] = [];
  for (let start = 0; start < count; start += STATEMENT_ROWS) {
    const lines = rows.slice(start, start + STATEMENT_ROWS).map((row) => `${row.join('\t')}\n`);
    files.push(Buffer.from(lines.join('')));
  }
  return inParallel(databaseUrl, connections, count, files, async (connection, file) => {
    await connection.query({
      sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE \`${table}\` (${RAW_COLUMNS})`,
      infileStreamFactory: () => Readable.from([file]),
    });
  });
}
