import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { limitRate } from '@millrace/core/log/limit-rate';
import { retry } from '@millrace/core/retry/retry';
import { VendorFault } from '../../frame/vendor-fault.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import type { Granted, Login, TokenRow } from './token-row.ts';

type TokenOptions = {
  readonly db: Database;
  readonly row: TokenRow;
  readonly endpoint: TokenEndpoint;
  /** The refresh token of the settings; it begins a login where there is none that works. Empty for none. */
  readonly firstToken: string;
  readonly rotateAfterDays: number;
  readonly log: Log;
  /** For tests: called at each step of a refresh. */
  readonly step?: (name: RefreshStep) => Promise<void> | void;
};

export type RefreshStep = 'before-call' | 'after-call' | 'before-commit' | 'after-commit';

/** What a refresh has brought, and for which state of the row. */
type Gained = { readonly asked: string; readonly used: string; readonly granted: Granted };

export type Tokens = {
  /** An access token that holds. Rejects with a `VendorFault`; `needs_login` in its text where a person has to log in again. */
  access(): Promise<string>;
  /** Another one than that which the vendor has just refused. */
  renew(refused: string): Promise<string>;
  /** The last day of the login, once it is known. */
  lastDay(): Promise<string | undefined>;
  /** Counts the logins of this application, from 0: one that took another's place may be of somebody who sees other rows. */
  loginNumber(): number;
};

const SIGN_OF_LIFE_MS = 5_000;
const WARN_DAYS = 30;
const DAY_MS = 86_400_000;

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 32);

/**
 * The tokens of one login, shared by all replicas through its row in the database. Who refreshes holds the row locked over the call of the
 * vendor, so there is one refresh at a time, and commits what it brought before anybody uses it. A run that is cancelled does not end it.
 */
export function createTokens({ db, row, endpoint, firstToken, rotateAfterDays, log, step }: TokenOptions): Tokens {
  const patient = whileTransient(log, 'the tokens of Blackbaud wait for the database');
  const warn = limitRate(DAY_MS);
  let known: Login | undefined;
  let refreshing: Promise<string> | undefined;

  return {
    async access() {
      const login = await retry(patient, () => row.read(db));
      if (login) seen(login);
      if (login?.accessToken !== undefined && login.isFresh) return login.accessToken;
      return once(undefined);
    },
    renew: (refused) => once(refused),
    async lastDay() {
      const login = await row.read(db);
      if (login) seen(login);
      return login?.lastDay;
    },
    loginNumber: () => known?.loginNumber ?? 0,
  };

  /** Calls of this process wait for one refresh rather than for the lock. */
  function once(refused: string | undefined): Promise<string> {
    refreshing ??= refresh(refused).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function refresh(refused: string | undefined): Promise<string> {
    /** What the vendor gave is kept until it is committed, however often the database fails: it may be the only token. */
    let gained: Gained | undefined;
    const token = await retry(patient, () =>
      db.transaction(async (trx) => {
        const signs = setInterval(() => trx.raw('SELECT 1').catch(() => undefined), SIGN_OF_LIFE_MS);
        try {
          const login = await current(trx);
          if (gained?.asked === login.refreshToken) return await keep(trx, gained);
          if (login.accessToken !== undefined && login.isFresh && login.accessToken !== refused)
            return login.accessToken;
          gained = login.needsLogin ? undefined : await ask(login);
          if (gained) return await keep(trx, gained);
          await row.end(trx);
          return undefined;
        } finally {
          clearInterval(signs);
        }
      }),
    );
    await step?.('after-commit');
    if (token !== undefined) return token;
    throw new VendorFault('config', 'needs_login: the login at Blackbaud has ended; run make blackbaud-login');
  }

  /** The row, locked. The token of the settings begins a login where there is none, or where it ended and the token is another one. */
  async function current(trx: Transaction): Promise<Login> {
    const login = await row.read(trx, 'for update');
    const isNew = firstToken !== '' && !login?.triedTokens.includes(hashOf(firstToken));
    if (login && !(login.needsLogin && isNew)) return login;
    if (!isNew)
      throw new VendorFault('config', 'needs_login: nobody has logged in at Blackbaud; run make blackbaud-login');
    const triedTokens = [...(login?.triedTokens ?? []).slice(-8), hashOf(firstToken)];
    // Another replica may begin it at the same time: then its row is the one.
    const where = login ? 'any' : 'none';
    await row.begin(trx, { refreshToken: firstToken, triedTokens }, where);
    const begun = await row.read(trx, 'for update');
    if (begun) return begun;
    throw new Error('the login that was just stored is not there');
  }

  /** Asks with the row's token and, where the vendor refuses that, once with the one before it. */
  async function ask({ refreshToken, previousRefreshToken, ageDays, daysLeft }: Login): Promise<Gained | undefined> {
    const preserve = ageDays < rotateAfterDays && daysLeft > WARN_DAYS;
    await step?.('before-call');
    const granted = await endpoint.refresh(refreshToken, { preserve });
    await step?.('after-call');
    if (granted) return { asked: refreshToken, used: refreshToken, granted };
    if (previousRefreshToken === undefined) return undefined;
    log.warn('Blackbaud refuses the refresh token; the one before it is tried');
    const second = await endpoint.refresh(previousRefreshToken, { preserve: false });
    const newRefreshToken = second?.newRefreshToken ?? previousRefreshToken;
    return second && { asked: refreshToken, used: previousRefreshToken, granted: { ...second, newRefreshToken } };
  }

  async function keep(trx: Transaction, { used, granted }: Gained): Promise<string> {
    await row.keep(trx, used, granted);
    await step?.('before-commit');
    return granted.accessToken;
  }

  function seen(login: Login): void {
    known = login;
    if (login.daysLeft <= WARN_DAYS && !login.needsLogin && warn('login') !== undefined)
      log.warn({ last_day: login.lastDay }, 'the login at Blackbaud ends soon; run make blackbaud-login');
  }
}
