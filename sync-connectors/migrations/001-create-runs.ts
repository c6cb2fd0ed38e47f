import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/** Runs, what each did with each entity, and what it skipped. A source is `<connector>/<entity>`. */
export const createRuns: Migration = {
  name: 'sync-001-create-runs',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_runs (
      run_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      trigger_kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      state VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      cancelled TINYINT NOT NULL DEFAULT 0,
      started_at DATETIME(3) NOT NULL,
      finished_at DATETIME(3) NULL,
      PRIMARY KEY (run_id),
      KEY by_state (state, run_id)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_run_entities (
      run_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      connector VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      entity VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      position INT NOT NULL,
      stream VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      scope TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      full_read TINYINT NOT NULL,
      state VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      complete TINYINT NULL,
      rows_read BIGINT NOT NULL DEFAULT 0,
      emitted BIGINT NOT NULL DEFAULT 0,
      unchanged BIGINT NOT NULL DEFAULT 0,
      rejected BIGINT NOT NULL DEFAULT 0,
      stale BIGINT NOT NULL DEFAULT 0,
      returned BIGINT NOT NULL DEFAULT 0,
      done BIGINT NULL,
      total BIGINT NULL,
      message VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      held TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      PRIMARY KEY (run_id, connector, entity),
      KEY by_connector (connector, run_id)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_rejections (
      run_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      source VARCHAR(129) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      number INT NOT NULL,
      row_id VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      place VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      pointer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      reason VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      PRIMARY KEY (run_id, source, number)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    for (const table of ['sync_rejections', 'sync_run_entities', 'sync_runs']) await db.raw('DROP TABLE ??', [table]);
  },
};
