import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/** Work over history that goes on after its request was answered, and what versions of rules have been evaluated for afterwards. */
export const createRuns: Migration = {
  name: 'rules-002-create-runs',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS rules_runs (
      run_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      kind VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      state VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      rule_id VARBINARY(400) NULL,
      version INT NULL,
      from_ms BIGINT NULL,
      to_ms BIGINT NULL,
      records BIGINT NOT NULL DEFAULT 0,
      result_json MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      message VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (run_id),
      KEY by_state (kind, state)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS rules_filled (
      rule_id VARBINARY(400) NOT NULL,
      version INT NOT NULL,
      from_ms BIGINT NOT NULL,
      to_ms BIGINT NOT NULL,
      PRIMARY KEY (rule_id, version, from_ms)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    for (const table of ['rules_filled', 'rules_runs']) await db.raw('DROP TABLE ??', [table]);
  },
};
