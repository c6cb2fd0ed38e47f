import type { Migration } from '@millrace/core/database/migrate';

/** The login of each application at the vendor: one row, which whoever refreshes its tokens holds locked. Tokens are sealed. */
export const tokenMigration: Migration = {
  name: 'sync-blackbaud-001-create-tokens',
  async up(db) {
    await db.raw(`CREATE TABLE IF NOT EXISTS sync_blackbaud_tokens (
      client_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      login_number INT NOT NULL,
      refresh_token BLOB NOT NULL,
      previous_refresh_token BLOB NULL,
      access_token BLOB NULL,
      refresh_at DATETIME(3) NULL,
      issued_at DATETIME(3) NOT NULL,
      ends_at DATETIME(3) NOT NULL,
      needs_login TINYINT(1) NOT NULL,
      tried_tokens TEXT NOT NULL,
      PRIMARY KEY (client_id)
    ) ENGINE=InnoDB`);
  },
  async down(db) {
    await db.raw('DROP TABLE sync_blackbaud_tokens');
  },
};
