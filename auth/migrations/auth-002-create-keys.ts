import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/** Signing keys: the one that is not retired signs, the others are published until their last token has ended. A public key is its `x` (RFC 8037). */
export const createKeys: Migration = {
  name: 'auth-002-create-keys',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS auth_keys (
      kid CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      public_key CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      sealed_private_key VARBINARY(512) NOT NULL,
      created_at DATETIME(3) NOT NULL,
      retired_at DATETIME(3) NULL,
      PRIMARY KEY (kid)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE auth_keys');
  },
};
