import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

const ID = 'delivery_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const EVENT_ID = 'event_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const text = (characters: number) => `VARCHAR(${characters}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;

/**
 * Deliveries, what they sign with, the events that they are behind with, and their attempts. `revision` grows with each change, so
 * that every replica sees it. Of an event only those rows are here that were tried without success, or stand behind one of
 * the same key; all others are in Kafka alone.
 */
export const createDeliveries: Migration = {
  name: 'rules-003-create-deliveries',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS deliveries (
      ${ID},
      name ${text(200)} NOT NULL,
      stream VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      url ${text(2_000)} NOT NULL,
      filter TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      paused_at DATETIME(3) NULL,
      paused_because ${text(500)} NULL,
      is_gone TINYINT NOT NULL DEFAULT 0,
      not_before DATETIME(3) NULL,
      revision BIGINT NOT NULL DEFAULT 1,
      filter_errors BIGINT NOT NULL DEFAULT 0,
      last_filter_error ${text(500)} NULL,
      missed BIGINT NOT NULL DEFAULT 0,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (delivery_id)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS delivery_secrets (
      secret_row BIGINT NOT NULL AUTO_INCREMENT,
      ${ID},
      sealed VARBINARY(500) NOT NULL,
      created_at DATETIME(3) NOT NULL,
      ends_at DATETIME(3) NULL,
      PRIMARY KEY (secret_row),
      KEY by_delivery (delivery_id)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS delivery_events (
      event_row BIGINT NOT NULL AUTO_INCREMENT,
      ${ID},
      topic_partition INT NOT NULL,
      event_offset BIGINT NOT NULL,
      key_digest CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      ${EVENT_ID},
      body LONGBLOB NOT NULL,
      appended_at DATETIME(3) NOT NULL,
      state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      attempts INT NOT NULL,
      first_attempt_at DATETIME(3) NULL,
      last_attempt_at DATETIME(3) NULL,
      next_attempt_at DATETIME(3) NULL,
      failed_at DATETIME(3) NULL,
      last_error ${text(500)} NULL,
      PRIMARY KEY (event_row),
      KEY by_delivery (delivery_id, state, topic_partition, event_row),
      KEY by_time (delivery_id, state, appended_at),
      KEY by_failure (state, failed_at)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS delivery_attempts (
      attempt_row BIGINT NOT NULL AUTO_INCREMENT,
      ${ID},
      ${EVENT_ID},
      attempt INT NOT NULL,
      outcome VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      attempted_at DATETIME(3) NOT NULL,
      duration_ms INT NOT NULL,
      status INT NULL,
      error ${text(500)} NULL,
      response ${text(500)} NULL,
      PRIMARY KEY (attempt_row),
      KEY by_delivery (delivery_id, attempt_row)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    for (const table of ['delivery_attempts', 'delivery_events', 'delivery_secrets', 'deliveries'])
      await db.raw('DROP TABLE ??', [table]);
  },
};
