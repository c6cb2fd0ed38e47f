import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import type { AccountKind } from '../account/account.ts';
import { hashOf } from './refresh-token.ts';
import type { TokenFamily } from './token-family.ts';

export type FoundRefreshToken = {
  readonly family: TokenFamily;
  /** Whether it was not used yet. */
  readonly unused: boolean;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
};

type Row = {
  readonly id: string;
  readonly account_kind: AccountKind;
  readonly account_name: string;
  readonly client_id: string | null;
  readonly subject: string;
  readonly scopes: string;
  readonly unused: number;
  readonly issued: number;
  readonly expires: number;
};

/** A refresh token that has not ended, used or not; undefined for an unknown one, and one whose family has ended. */
export async function findRefreshToken(db: Database, token: string): Promise<FoundRefreshToken | undefined> {
  const [row] = await selectRows<Row>(
    db,
    `SELECT f.id, f.account_kind, f.account_name, f.client_id, f.subject, f.scopes, t.used_at IS NULL AS unused,
            FLOOR(UNIX_TIMESTAMP(t.issued_at)) AS issued, FLOOR(UNIX_TIMESTAMP(t.expires_at)) AS expires
       FROM auth_refresh_tokens t JOIN auth_token_families f ON f.id = t.family_id
      WHERE t.token_hash = ? AND t.expires_at > UTC_TIMESTAMP(3)`,
    [hashOf(token)],
  );
  if (!row) return undefined;
  const { id, account_kind, account_name, client_id, subject, scopes, unused, issued, expires } = row;
  return {
    family: {
      ...{ id, accountKind: account_kind, accountName: account_name, clientId: client_id },
      ...{ subject, scopes: scopes.split(' ') },
    },
    unused: unused === 1,
    issuedAt: Number(issued),
    expiresAt: Number(expires),
  };
}
