import type { Database } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import type { Account } from './account.ts';

/**
 * Writes an account, new or in the place of the one of its name, and ends the refresh tokens that were issued for that one or through it.
 * `startFamily` locks the account too, so none is issued at the same moment for what the account was before.
 */
export async function saveAccount(db: Database, { kind, name, subject, scopes, secretHash }: Account): Promise<void> {
  await db.transaction(async (trx) => {
    await changeRows(
      trx,
      `INSERT INTO auth_accounts (kind, name, subject, scopes, secret_hash, saved_at)
       VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE subject = VALUES(subject), scopes = VALUES(scopes), secret_hash = VALUES(secret_hash),
                               saved_at = VALUES(saved_at)`,
      [kind, name, subject, scopes.join(' '), secretHash],
    );
    await changeRows(trx, 'DELETE FROM auth_token_families WHERE account_kind = ? AND account_name = ?', [kind, name]);
    if (kind === 'client') await changeRows(trx, 'DELETE FROM auth_token_families WHERE client_id = ?', [name]);
  });
}
