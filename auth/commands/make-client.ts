import { randomBytes } from 'node:crypto';
import type { Database } from '@millrace/core/database/open-database';
import { Problem } from '@millrace/core/problem/problem';
import { findAccount } from '../account/find-account.ts';
import { saveAccount } from '../account/save-account.ts';
import { alone } from '../prepare-database.ts';
import { createSecretHashes } from '../secret/secret-hashes.ts';
import type { NewClient } from './new-client.ts';

/** What is printed of a client: its secret is known from nowhere else. */
type MadeClient = { readonly client_id: string; readonly client_secret: string; readonly scopes: readonly string[] };

/** Makes a client with a secret of 256 random bits, or gives one that exists a new secret, which ends its refresh tokens. */
export async function makeClient(db: Database, { name, scopes, subject, rotate }: NewClient): Promise<MadeClient> {
  const secret = randomBytes(32).toString('base64url');
  const hashes = await createSecretHashes();
  const secretHash = await hashes.hash(secret);
  return alone(db, async () => {
    const stored = await findAccount(db, 'client', name);
    if (stored && !rotate)
      throw new Problem('invalid-config', `there is a client ${name} already; ROTATE=1 gives it a new secret`);
    const given = scopes ?? stored?.scopes;
    if (!given) throw new Problem('invalid-config', `there is no client ${name}; SCOPES makes one`);
    await saveAccount(db, {
      ...{ kind: 'client', name, secretHash },
      ...{ scopes: given, subject: subject ?? stored?.subject ?? name },
    });
    return { client_id: name, client_secret: secret, scopes: given };
  });
}
