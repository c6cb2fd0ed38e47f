import { openDatabase } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { createTokenEndpoint } from '../blackbaud/token/token-endpoint.ts';
import { createTokenRow } from '../blackbaud/token/token-row.ts';
import { createTokens, type RefreshStep, type Tokens } from '../blackbaud/token/tokens.ts';
import { CLIENT } from './token-vendor.ts';

export const SECRETS_KEY = 'the-key-of-the-tests-0123456789';

export type ReplicaOptions = {
  readonly databaseUrl: string;
  readonly tokenUrl: string;
  readonly firstToken: string;
  readonly log: Log;
  readonly rotateAfterDays?: number;
  readonly secondSecret?: string;
  readonly step?: (name: RefreshStep) => Promise<void> | void;
};

/** The tokens as one process of several has them, with a pool of its own. */
export function openReplica(options: ReplicaOptions): {
  readonly tokens: Tokens;
  close(): Promise<void>;
} {
  const { databaseUrl, tokenUrl, firstToken, log, rotateAfterDays = 0, secondSecret = '', step } = options;
  const db = openDatabase(databaseUrl, { poolSize: 3 });
  const endpoint = createTokenEndpoint({
    ...{ BLACKBAUD_CLIENT_ID: CLIENT.id, BLACKBAUD_CLIENT_SECRET: CLIENT.secret },
    ...{ BLACKBAUD_CLIENT_SECRET_2: secondSecret, BLACKBAUD_TOKEN_URL: tokenUrl },
  });
  const row = createTokenRow(CLIENT.id, SECRETS_KEY);
  const tokens = createTokens({ db, row, endpoint, firstToken, rotateAfterDays, log, ...(step && { step }) });
  return { tokens, close: () => db.close() };
}
