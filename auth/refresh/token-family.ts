import type { AccountKind } from '../account/account.ts';

/** What one grant gave. All refresh tokens that followed its first are of the family too. */
export type TokenFamily = {
  readonly id: string;
  readonly accountKind: AccountKind;
  readonly accountName: string;
  /** The client that may use its tokens; null for a user's own, which need none. */
  readonly clientId: string | null;
  readonly subject: string;
  readonly scopes: readonly string[];
};

export const REFRESH_TOKEN_DAYS = 30;

/** When a refresh token that is issued now ends, by the database's clock. */
export const REFRESH_TOKEN_END = `TIMESTAMPADD(DAY, ${REFRESH_TOKEN_DAYS}, UTC_TIMESTAMP(3))`;
