import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/**
 * What was last known of each entity and of each of its rows. `row_id` is bytes: ids differ by every byte, blanks at the end too. `confirmed`
 * is 0 from before a row is written to Kafka until Kafka has acknowledged it: what the stream then has of it nobody knows.
 */
export const createRows: Migration = {
  name: 'sync-002-create-rows',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_entities (
      source VARCHAR(129) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      read_number BIGINT NOT NULL,
      cursor_json MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      fingerprint CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
      PRIMARY KEY (source)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_rows (
      source VARCHAR(129) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      row_id VARBINARY(500) NOT NULL,
      content_hash BINARY(32) NOT NULL,
      version INT NOT NULL,
      confirmed TINYINT NOT NULL,
      row_value MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      seen_by BIGINT NOT NULL,
      missed INT NOT NULL DEFAULT 0,
      missed_in CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
      stale_since DATETIME(3) NULL,
      stale_reason VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
      PRIMARY KEY (source, row_id),
      KEY by_missed (source, missed)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    for (const table of ['sync_rows', 'sync_entities']) await db.raw('DROP TABLE ??', [table]);
  },
};
