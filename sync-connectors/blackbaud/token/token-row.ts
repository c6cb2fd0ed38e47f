import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { createSeal } from '@millrace/core/seal/seal';
import { VendorFault } from '../../frame/vendor-fault.ts';

/** A login as it is kept, opened. Times are of the database's clock. */
export type Login = {
  /** Counts the logins that took the place of another, from 0. */
  readonly loginNumber: number;
  readonly refreshToken: string;
  readonly previousRefreshToken: string | undefined;
  readonly accessToken: string | undefined;
  /** Whether the access token is in its first 80 %. */
  readonly isFresh: boolean;
  readonly ageDays: number;
  readonly daysLeft: number;
  /** The last day of the refresh token. */
  readonly lastDay: string;
  readonly needsLogin: boolean;
  /** Hashes of the tokens of the settings that were tried. */
  readonly triedTokens: readonly string[];
};

/** What a refresh has brought. */
export type Granted = {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Undefined where the vendor gave the same one, or none. */
  readonly newRefreshToken: string | undefined;
  readonly refreshSecondsLeft: number | undefined;
};

export type TokenRow = {
  read(runner: Database | Transaction, lock?: 'for update'): Promise<Login | undefined>;
  /** Begins a login where there is none, or in the place of any other. */
  begin(runner: Database | Transaction, login: NewLogin, where: 'none' | 'any'): Promise<void>;
  /** @param used the refresh token that brought it, kept as the previous one where there is a new one */
  keep(trx: Transaction, used: string, granted: Granted): Promise<void>;
  end(trx: Transaction): Promise<void>;
};

type NewLogin = {
  readonly refreshToken: string;
  readonly granted?: Granted;
  readonly triedTokens: readonly string[];
};

type StoredRow = {
  readonly login_number: number;
  readonly refresh_token: Buffer;
  readonly previous_refresh_token: Buffer | null;
  readonly access_token: Buffer | null;
  readonly is_fresh: number | null;
  readonly age_days: number;
  readonly days_left: number;
  readonly last_day: string;
  readonly needs_login: number;
  readonly tried_tokens: string;
};

const SELECT = `SELECT login_number, refresh_token, previous_refresh_token, access_token, refresh_at > UTC_TIMESTAMP(3) AS is_fresh,
  TIMESTAMPDIFF(DAY, issued_at, UTC_TIMESTAMP(3)) AS age_days, TIMESTAMPDIFF(DAY, UTC_TIMESTAMP(3), ends_at) AS days_left,
  DATE_FORMAT(ends_at, '%Y-%m-%d') AS last_day, needs_login, tried_tokens
  FROM sync_blackbaud_tokens WHERE client_id = ?`;
const IN_SECONDS = 'TIMESTAMPADD(SECOND, ?, UTC_TIMESTAMP(3))';
const REFRESH_AFTER = 0.8;
/** As the vendor's documents have it. */
export const REFRESH_TOKEN_SECONDS = 365 * 86_400;

/** The row of one application. What is secret in it only opens with `SECRETS_KEY`, and only in its own column. */
export function createTokenRow(clientId: string, secretsKey: string): TokenRow {
  const seal = createSeal(secretsKey, 'millrace blackbaud tokens');
  const sealed = (token: string, column: string) => seal.seal(token, `${clientId}/${column}`);
  function opened(bytes: Buffer, column: string): string {
    const token = seal.open(bytes, `${clientId}/${column}`);
    if (token !== undefined) return token;
    throw new VendorFault(
      'config',
      'needs_login: the tokens in the database were stored under another SECRETS_KEY. Set that one, or run make blackbaud-login.',
    );
  }
  const openedOrNone = (bytes: Buffer | null, column: string) => (bytes ? opened(bytes, column) : undefined);

  return {
    async read(runner, lock) {
      const [row] = await selectRows<StoredRow>(runner, lock ? `${SELECT} FOR UPDATE` : SELECT, [clientId]);
      return (
        row && {
          loginNumber: row.login_number,
          refreshToken: opened(row.refresh_token, 'refresh'),
          // A token that replaced another one was sealed under the same name as it.
          previousRefreshToken: openedOrNone(row.previous_refresh_token, 'refresh'),
          accessToken: openedOrNone(row.access_token, 'access'),
          isFresh: row.is_fresh === 1,
          ageDays: row.age_days,
          daysLeft: row.days_left,
          lastDay: row.last_day,
          needsLogin: row.needs_login === 1,
          triedTokens: row.tried_tokens.split(' ').filter((hash) => hash !== ''),
        }
      );
    },

    async begin(runner, { refreshToken, granted, triedTokens }, where) {
      const replaced = [
        'refresh_token',
        'access_token',
        'refresh_at',
        'issued_at',
        'ends_at',
        'needs_login',
        'tried_tokens',
      ];
      const update =
        where === 'none'
          ? 'client_id = client_id'
          : `login_number = login_number + 1, previous_refresh_token = NULL, ${replaced.map((name) => `${name} = VALUES(${name})`).join(', ')}`;
      await changeRows(
        runner,
        `INSERT INTO sync_blackbaud_tokens
           (client_id, login_number, refresh_token, access_token, refresh_at, issued_at, ends_at, needs_login, tried_tokens)
         VALUES (?, 0, ?, ?, ${IN_SECONDS}, UTC_TIMESTAMP(3), ${IN_SECONDS}, 0, ?) ON DUPLICATE KEY UPDATE ${update}`,
        [
          ...[clientId, sealed(refreshToken, 'refresh')],
          granted ? sealed(granted.accessToken, 'access') : null,
          Math.floor((granted?.expiresInSeconds ?? 0) * REFRESH_AFTER),
          granted?.refreshSecondsLeft ?? REFRESH_TOKEN_SECONDS,
          triedTokens.join(' '),
        ],
      );
    },

    async keep(trx, used, { accessToken, expiresInSeconds, newRefreshToken, refreshSecondsLeft }) {
      const refreshAfter = Math.floor(expiresInSeconds * REFRESH_AFTER);
      await changeRows(
        trx,
        `UPDATE sync_blackbaud_tokens SET access_token = ?, refresh_at = ${IN_SECONDS}, needs_login = 0 WHERE client_id = ?`,
        [sealed(accessToken, 'access'), refreshAfter, clientId],
      );
      if (newRefreshToken !== undefined)
        await changeRows(
          trx,
          `UPDATE sync_blackbaud_tokens SET previous_refresh_token = ?, refresh_token = ?, issued_at = UTC_TIMESTAMP(3) WHERE client_id = ?`,
          [sealed(used, 'refresh'), sealed(newRefreshToken, 'refresh'), clientId],
        );
      const secondsLeft = refreshSecondsLeft ?? (newRefreshToken === undefined ? undefined : REFRESH_TOKEN_SECONDS);
      if (secondsLeft !== undefined)
        await changeRows(trx, `UPDATE sync_blackbaud_tokens SET ends_at = ${IN_SECONDS} WHERE client_id = ?`, [
          ...[secondsLeft, clientId],
        ]);
    },

    async end(trx) {
      await changeRows(
        trx,
        'UPDATE sync_blackbaud_tokens SET needs_login = 1, access_token = NULL, refresh_at = NULL WHERE client_id = ?',
        [clientId],
      );
    },
  };
}
