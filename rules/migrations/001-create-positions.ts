import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/**
 * How far each account partition is evaluated, and what was remembered of its accounts at a point before. `claim` counts the
 * processes that have taken the partition over: only the last of them may write.
 */
export const createPositions: Migration = {
  name: 'rules-001-create-positions',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS rules_positions (
      account_partition INT NOT NULL,
      claim BIGINT NOT NULL,
      position_json MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      remembered_json MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (account_partition)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS rules_accounts (
      account_partition INT NOT NULL,
      account_id VARBINARY(500) NOT NULL,
      state LONGBLOB NOT NULL,
      PRIMARY KEY (account_partition, account_id)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    for (const table of ['rules_accounts', 'rules_positions']) await db.raw('DROP TABLE ??', [table]);
  },
};
