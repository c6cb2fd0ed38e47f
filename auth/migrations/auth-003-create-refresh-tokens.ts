import type { Migration } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';

/**
 * Refresh tokens as SHA-256, and the families that they belong to: what one grant gave, with all that followed it. A family that is
 * removed takes its tokens along.
 */
export const createRefreshTokens: Migration = {
  name: 'auth-003-create-refresh-tokens',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS auth_token_families (
      id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      account_kind VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      account_name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      client_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
      subject VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      scopes TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      KEY by_account (account_kind, account_name),
      KEY by_client (client_id),
      KEY by_expires_at (expires_at)
    ) ENGINE=InnoDB`);
    await db.raw(`CREATE TABLE IF NOT EXISTS auth_refresh_tokens (
      token_hash BINARY(32) NOT NULL,
      family_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      issued_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      sealed_successor VARBINARY(255) NULL,
      PRIMARY KEY (token_hash),
      KEY by_expires_at (expires_at),
      CONSTRAINT auth_refresh_tokens_family FOREIGN KEY (family_id) REFERENCES auth_token_families (id) ON DELETE CASCADE
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE auth_refresh_tokens');
    await db.raw('DROP TABLE auth_token_families');
  },
};
