import { randomBytes } from 'node:crypto';
import { type Database, openDatabase } from '@millrace/core/database/open-database';

/** Gives the work a database of its own on the shared server, and drops it afterwards. */
export async function withDatabase<Result>(
  serverUrl: string,
  work: (databaseUrl: string, db: Database) => Promise<Result>,
): Promise<Result> {
  const name = `millrace_bench_${randomBytes(4).toString('hex')}`;
  const server = openDatabase(serverUrl, { poolSize: 1 });
  await server.raw(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const databaseUrl = serverUrl.replace(/\/[^/]*$/, `/${name}`);
  const db = openDatabase(databaseUrl);
  try {
    return await work(databaseUrl, db);
  } finally {
    await db.close();
    await server.raw(`DROP DATABASE ${name}`);
    await server.close();
  }
}
