import type { Database } from '@millrace/core/database/open-database';
import type { SecretHashes } from '../secret/secret-hashes.ts';
import type { Attempt, Throttle } from '../secret/throttle.ts';
import type { Account } from './account.ts';
import { findAccount } from './find-account.ts';

/**
 * The account whose secret this is; undefined for an unknown name as for a wrong secret, after the same time. Throws `slow_down` after too
 * many failures and `saturated` when too many wait.
 */
export type Authenticate = (attempt: Attempt & { readonly secret: string }) => Promise<Account | undefined>;

type AuthenticateOptions = { readonly db: Database; readonly hashes: SecretHashes; readonly throttle: Throttle };

/** The throttle is asked again when the hash has its turn: of many attempts at once, few are tried after the last one allowed. */
export const createAuthenticate =
  ({ db, hashes, throttle }: AuthenticateOptions): Authenticate =>
  async ({ secret, ...attempt }) => {
    await throttle.check(attempt);
    const account = await findAccount(db, attempt.kind, attempt.name);
    const right = await hashes.verify(account?.secretHash, secret, () => throttle.check(attempt));
    if (account && right) return account;
    await throttle.failed(attempt);
    return undefined;
  };
