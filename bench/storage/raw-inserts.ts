import { randomBytes, randomUUID } from 'node:crypto';
import mysql from 'mysql2/promise';

const STATEMENT_ROWS = 1_000;
const USERS = Array.from({ length: 1_000 }, () => randomUUID());
const COLUMNS =
  'user_id, duration, distance, timestamp, event_id, trace_id, source, ingested_at, stored_at, topic_partition, record_offset';

/** Inserts rows of runs with mysql2 alone, 1,000 a statement, into a table; answers rows a second. */
export async function rawInserts(
  databaseUrl: string,
  table: string,
  count: number,
  connections: number,
): Promise<number> {
  const rows = Array.from({ length: count }, (_, n) => row(n));
  const open = await Promise.all(Array.from({ length: connections }, () => mysql.createConnection(databaseUrl)));
  const start = performance.now();
  let next = 0;
  await Promise.all(
    open.map(async (connection) => {
      while (next < rows.length) {
        const some = rows.slice(next, next + STATEMENT_ROWS);
        next += STATEMENT_ROWS;
        await connection.query(`INSERT INTO \`${table}\` (${COLUMNS}) VALUES ?`, [some]);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all(open.map((connection) => connection.end()));
  return count / seconds;
}

/** What storage writes for a record of the same topic, made before the clock starts. */
function row(n: number): unknown[] {
  const time = (millis: number) => new Date(millis).toISOString().slice(0, -1).replace('T', ' ');
  return [
    USERS[(n * 7) % USERS.length],
    600 + ((n * 37) % 6_000),
    2_000 + ((n * 53) % 20_000) / 3,
    time(Date.now() - ((n * 7919) % 2_592_000_000)),
    randomUUID(),
    randomBytes(16).toString('hex'),
    'bench',
    time(Date.now()),
    time(Date.now()),
    n % 3,
    n,
  ];
}
