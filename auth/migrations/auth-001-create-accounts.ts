import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/** Clients and users. Scopes have spaces between. */
export const createAccounts: Migration = {
  name: 'auth-001-create-accounts',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS auth_accounts (
      kind VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      subject VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      scopes TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      secret_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      saved_at DATETIME(3) NOT NULL,
      PRIMARY KEY (kind, name)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE auth_accounts');
  },
};
