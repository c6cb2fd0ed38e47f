import type { Database } from '@millrace/core/database/open-database';

/** Where storage reads each partition next, and the last record it stored, by which a topic made anew is told apart. */
export const createCheckpoints = {
  name: '001-create-checkpoints',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS storage_checkpoints (
      topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      topic_partition INT NOT NULL,
      next_offset BIGINT NOT NULL,
      last_offset BIGINT NULL,
      last_appended_at DATETIME(3) NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (topic, topic_partition)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE storage_checkpoints');
  },
};
