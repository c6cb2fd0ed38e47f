import mysql from 'mysql2/promise';

/** Writes parts over `connections` connections, each taking the next part when it is done with one; answers rows a second. */
export async function inParallel<Part>(
  databaseUrl: string,
  connections: number,
  rows: number,
  parts: readonly Part[],
  write: (connection: mysql.Connection, part: Part) => Promise<void>,
): Promise<number> {
  const open = await Promise.all(Array.from({ length: connections }, () => mysql.createConnection(databaseUrl)));
  const left = parts.values();
  const start = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      for (const part of left) await write(connection, part);
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all(open.map((connection) => connection.end()));
  return rows / seconds;
}
