import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/** What replicas agree on: which run has a connector, the ticks of schedules, and the calls that budgets have counted. */
export const createConnectors: Migration = {
  name: 'sync-003-create-connectors',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_connectors (
      name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      paused TINYINT NOT NULL DEFAULT 0,
      run_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
      PRIMARY KEY (name)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_ticks (
      schedule VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      tick_at DATETIME NOT NULL,
      PRIMARY KEY (schedule, tick_at)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_budgets (
      connector VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      next_call_ms DOUBLE NOT NULL,
      budget_day CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      used INT NOT NULL,
      PRIMARY KEY (connector)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    for (const table of ['sync_budgets', 'sync_ticks', 'sync_connectors']) await db.raw('DROP TABLE ??', [table]);
  },
};
