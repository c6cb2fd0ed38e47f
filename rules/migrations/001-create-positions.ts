import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/**
 * How far each account partition is evaluated. `claim` counts the processes that have taken the partition over: only the last of them
 * may write.
 */
export const createPositions: Migration = {
  name: 'rules-001-create-positions',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS rules_positions (
      account_partition INT NOT NULL,
      claim BIGINT NOT NULL,
      position_json MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (account_partition)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE rules_positions');
  },
};
