import type { Database } from '@millrace/core/database/open-database';

/** Redrives: the request and the progress of each. */
export const createRedrives = {
  name: '003-create-redrives',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS redrives (
      id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      filter JSON NOT NULL,
      max_attempts INT NOT NULL,
      matched BIGINT NOT NULL,
      sent BIGINT NOT NULL,
      exhausted BIGINT NOT NULL,
      started_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE redrives');
  },
};
