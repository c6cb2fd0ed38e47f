import knex, { type Knex } from 'knex';
import { Problem } from '../problem/problem.ts';
import { isTransient } from './is-transient.ts';

export type Database = Knex;
export type Transaction = Knex.Transaction;

/**
 * A pool of connections to MySQL or what speaks its protocol. Times are UTC and come back as text, `2026-03-14 07:32:10.000`,
 * so that no driver or server time zone can bend them; big integers come back as text once they pass 2^53.
 * @param url `mysql://user:password@host:port/name`
 */
export function openDatabase(url: string, { poolSize = 10 } = {}): Database & { close(): Promise<void> } {
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = knex({
    client: 'mysql2',
    connection: {
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: pathname.slice(1),
      charset: 'utf8mb4',
      timezone: 'Z',
      dateStrings: true,
      supportBigNumbers: true,
      connectTimeout: 3_000,
      enableKeepAlive: true,
    },
    pool: { min: 0, max: poolSize, afterCreate: useUtc },
    acquireConnectionTimeout: 5_000,
  });
  return Object.assign(database, { close: () => database.destroy() });
}

/** What a fault of the database means to a caller: `database-unavailable` when the same again may work, else itself. */
export function databaseProblem(error: unknown): unknown {
  if (!isTransient(error)) return error;
  return new Problem('database-unavailable', 'the database did not answer', {
    cause: error,
    headers: { 'retry-after': '1' },
  });
}

type Connection = { query(sql: string, done: (error: Error | null) => void): void };

function useUtc(connection: Connection, done: (error: Error | null, connection: Connection) => void): void {
  connection.query("SET time_zone = '+00:00'", (error) => done(error, connection));
}
