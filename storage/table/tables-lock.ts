import type { Database } from '@millrace/core/database/open-database';

const CREATE = `CREATE TABLE IF NOT EXISTS platform_locks (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB`;

/** Well before the server would close an idle connection. */
const SIGN_OF_LIFE_MS = 5_000;

/**
 * Runs work that changes tables while no other process does. The lock is a row held in an open transaction, on a
 * connection of its own because DDL commits; so it ends with the connection, however the process ends, and also when it
 * hangs and no longer shows a sign of life.
 */
export async function withTablesLock(db: Database, work: () => Promise<void>): Promise<void> {
  await db.raw(CREATE);
  await db.raw("INSERT INTO platform_locks (name) VALUES ('tables') ON DUPLICATE KEY UPDATE name = VALUES(name)");
  await db.transaction(async (trx) => {
    await trx.raw("SELECT name FROM platform_locks WHERE name = 'tables' FOR UPDATE");
    const signs = setInterval(() => trx.raw('SELECT 1').catch(() => undefined), SIGN_OF_LIFE_MS);
    try {
      await work();
    } finally {
      clearInterval(signs);
    }
  });
}
