import type { Database } from '@millrace/core/database/open-database';

const CREATE = `CREATE TABLE IF NOT EXISTS platform_locks (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB`;

/**
 * Runs work that changes tables while no other process does. The lock is a row held in an open transaction, on a
 * connection of its own because DDL commits; so it ends with the connection, however the process ends.
 */
export async function withTablesLock(db: Database, work: () => Promise<void>): Promise<void> {
  await db.raw(CREATE);
  await db.raw("INSERT INTO platform_locks (name) VALUES ('tables') ON DUPLICATE KEY UPDATE name = VALUES(name)");
  /** Idle while the tables change, which may take long. */
  await db.transaction(async (trx) => {
    await trx.raw('SET wait_timeout = 28800');
    await trx.raw("SELECT name FROM platform_locks WHERE name = 'tables' FOR UPDATE");
    await work();
  });
}
