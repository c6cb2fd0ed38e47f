import { randomUUID } from 'node:crypto';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { Account } from '../account/account.ts';
import { hashOf, newRefreshToken } from './refresh-token.ts';
import { REFRESH_TOKEN_END } from './token-family.ts';

type Start = {
  readonly account: Account;
  readonly clientId: string | null;
  readonly scopes: readonly string[];
};

/** The first refresh token of a new family; undefined when the account has changed since it was authenticated. */
export const startFamily = (db: Database, { account, clientId, scopes }: Start): Promise<string | undefined> =>
  db.transaction(async (trx) => {
    const { kind, name, subject, secretHash } = account;
    const same = await selectRows(
      trx,
      'SELECT name FROM auth_accounts WHERE kind = ? AND name = ? AND secret_hash = ? LOCK IN SHARE MODE',
      [kind, name, secretHash],
    );
    if (same.length === 0) return undefined;
    const id = randomUUID();
    await changeRows(
      trx,
      `INSERT INTO auth_token_families (id, account_kind, account_name, client_id, subject, scopes, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ${REFRESH_TOKEN_END})`,
      [id, kind, name, clientId, subject, scopes.join(' ')],
    );
    return await addToken(trx, id);
  });

/** A new token of a family, whose text is stored nowhere. */
export async function addToken(trx: Transaction, familyId: string): Promise<string> {
  const token = newRefreshToken();
  await changeRows(
    trx,
    `INSERT INTO auth_refresh_tokens (token_hash, family_id, issued_at, expires_at)
     VALUES (?, ?, UTC_TIMESTAMP(3), ${REFRESH_TOKEN_END})`,
    [hashOf(token), familyId],
  );
  return token;
}
