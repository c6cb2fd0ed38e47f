import knex, { type Knex } from 'knex';
import mysql from 'mysql2';
import { Problem } from '../problem/problem.ts';
import { isTransient } from './is-transient.ts';
import { leaveOutStatement } from './leave-out-statement.ts';

export type Database = Knex;
export type Transaction = Knex.Transaction;

/**
 * A pool of connections to MySQL or what speaks its protocol. Times are UTC and come back as text, `2026-03-14 07:32:10.000`,
 * independent of the time zones of driver and server; big integers come back as text once they pass 2^53, JSON always does.
 * What an upsert leaves as it was does not count as affected.
 * @param url `mysql://user:password@host:port/name`
 */
export function openDatabase(url: string, { poolSize = 10 } = {}): Database & { close(): Promise<void> } {
  const { hostname, port, username, password, pathname } = new URL(url);
  const connection = {
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    jsonStrings: true,
    typeCast: withExactNumbers,
    flags: '-FOUND_ROWS',
    connectTimeout: 3_000,
    queryFormat: withBindings,
    enableKeepAlive: true,
  };
  const database = knex({
    client: 'mysql2',
    connection,
    log: silent,
    pool: { min: 0, max: poolSize, idleTimeoutMillis: (IDLE_SECONDS * 1_000) / 2, afterCreate: prepareSession },
    acquireConnectionTimeout: 5_000,
  });
  database.on('query-error', leaveOutStatement);
  return Object.assign(database, { close: () => database.destroy() });
}

/**
 * After this time without a statement the server closes a connection and rolls its transaction back, so that a process that hangs or is
 * unreachable does not hold its locks for ever. The pool closes idle connections earlier.
 */
const IDLE_SECONDS = 15;

/** Longer than any of the services' transactions takes. After it the transaction is tried again, which is counted and logged. */
const LOCK_WAIT_SECONDS = 5;

type DriverField = { readonly type: string; string(): string | null };

/**
 * The server writes a double as the shortest text that stands for it; the driver's own reading of such text is off by one bit for
 * every fortieth (github.com/sidorares/node-mysql2/issues/2928), JavaScript's never.
 */
function withExactNumbers(field: DriverField, asUsual: () => unknown): unknown {
  if (field.type !== 'DOUBLE' && field.type !== 'FLOAT') return asUsual();
  const text = field.string();
  return text === null ? null : Number(text);
}

/** The driver looks for placeholders even where there is nothing to put in, which takes long in a statement of many rows. */
const withBindings = (sql: string, bindings: Parameters<typeof mysql.format>[1]): string =>
  Array.isArray(bindings) && bindings.length === 0 ? sql : mysql.format(sql, bindings, false, 'Z');

/** knex also prints the errors that it throws; they are logged once, by the caller that handles them. */
const silent = { warn() {}, error() {}, deprecate() {}, debug() {} };

/** What a fault of the database means to a caller: `database-unavailable` when the same again may work, else itself. */
export function databaseProblem(error: unknown): unknown {
  if (!isTransient(error)) return error;
  return new Problem('database-unavailable', 'the database did not answer', {
    cause: error,
    headers: { 'retry-after': '1' },
  });
}

type Connection = { query(sql: string, done: (error: Error | null) => void): void };

/**
 * Strict, so that a value that does not fit is an error and never cut; read committed, so that writers of one table do not
 * lock each other's gaps; UTC. A backslash escapes in strings, which `textLiteral` relies on.
 */
const SESSION = [
  `SET wait_timeout = ${IDLE_SECONDS}, innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}, time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

function prepareSession(connection: Connection, done: (error: Error | null, connection: Connection) => void): void {
  const [first, ...rest] = SESSION;
  const next = (statement: string | undefined): void => {
    if (statement === undefined) done(null, connection);
    else connection.query(statement, (error) => (error ? done(error, connection) : next(rest.shift())));
  };
  next(first);
}
