import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { SecretHashes } from '../secret/secret-hashes.ts';
import type { Account, NewAccount } from './account.ts';
import { findAccount } from './find-account.ts';
import { saveAccount } from './save-account.ts';

type SeedOptions = { readonly db: Database; readonly hashes: SecretHashes; readonly log: Log };

/** Has the database know these accounts as they are given. One that it knows so already is left as it is, hash and all. */
export async function seedAccounts({ db, hashes, log }: SeedOptions, accounts: readonly NewAccount[]): Promise<void> {
  for (const { secret, ...account } of accounts) {
    const stored = await findAccount(db, account.kind, account.name);
    if (stored && isSame(stored, account) && (await hashes.verify(stored.secretHash, secret))) continue;
    await saveAccount(db, { ...account, secretHash: await hashes.hash(secret) });
    log.info({ kind: account.kind, name: account.name }, stored ? 'account changed' : 'account made');
  }
}

const isSame = (stored: Account, { subject, scopes }: Omit<NewAccount, 'secret'>) =>
  stored.subject === subject && stored.scopes.join(' ') === scopes.join(' ');
