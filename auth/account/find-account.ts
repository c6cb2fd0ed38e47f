import type { Database, Transaction } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { type Account, type AccountKind, isName } from './account.ts';

type Row = { readonly subject: string; readonly scopes: string; readonly secret_hash: string };

/** Undefined when there is none of that name; a text that can be nobody's name is not asked for. */
export async function findAccount(
  db: Database | Transaction,
  kind: AccountKind,
  name: string,
): Promise<Account | undefined> {
  if (!isName(name)) return undefined;
  const [row] = await selectRows<Row>(
    db,
    'SELECT subject, scopes, secret_hash FROM auth_accounts WHERE kind = ? AND name = ?',
    [kind, name],
  );
  return row && { kind, name, subject: row.subject, scopes: row.scopes.split(' '), secretHash: row.secret_hash };
}
