import type { Database } from './open-database.ts';

const CREATE = `CREATE TABLE IF NOT EXISTS platform_locks (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB`;

/** Well before the server would close an idle connection. */
const SIGN_OF_LIFE_MS = 5_000;

/**
 * Runs work that takes seconds, such as DDL, while no other process runs work under the same name. The lock is a row held in
 * an open transaction, on a connection of its own because DDL commits. So it ends with the connection, however the process
 * ends, and also when the process hangs and shows no sign of life. For what lasts longer there are leases.
 */
export async function withLock<Result>(db: Database, name: string, work: () => Promise<Result>): Promise<Result> {
  await db.raw(CREATE);
  await db.raw('INSERT INTO platform_locks (name) VALUES (?) ON DUPLICATE KEY UPDATE name = VALUES(name)', [name]);
  return db.transaction(async (trx) => {
    await trx.raw('SELECT name FROM platform_locks WHERE name = ? FOR UPDATE', [name]);
    const signs = setInterval(() => trx.raw('SELECT 1').catch(() => undefined), SIGN_OF_LIFE_MS);
    try {
      return await work();
    } finally {
      clearInterval(signs);
    }
  });
}
