import type { Database } from '@millrace/core/database/open-database';

/** Records that can never be stored as they are, whole: what `GET /dead-letters` shows and a redrive sends back. */
export const createDeadLetters = {
  name: '002-create-dead-letters',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS dead_letters (
      id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      stream VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      topic_partition INT NOT NULL,
      record_offset BIGINT NOT NULL,
      stage VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      code VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      reason VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      attempts INT NOT NULL,
      event_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
      record_key MEDIUMBLOB NULL,
      record_value MEDIUMBLOB NULL,
      headers JSON NOT NULL,
      appended_at DATETIME(3) NOT NULL,
      set_aside_at DATETIME(3) NOT NULL,
      redriven_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      KEY by_set_aside_at (set_aside_at, id),
      KEY by_stream (stream, set_aside_at, id),
      KEY by_code (code, set_aside_at, id)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE dead_letters');
  },
};
