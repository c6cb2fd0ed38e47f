import type { Migration } from '@millrace/core/database/migrate';
import { createAccounts } from './auth-001-create-accounts.ts';
import { createKeys } from './auth-002-create-keys.ts';
import { createRefreshTokens } from './auth-003-create-refresh-tokens.ts';

/** What auth's own tables have been through, in order. Names are recorded in databases, so they never change. */
export const migrations: readonly Migration[] = [createAccounts, createKeys, createRefreshTokens];
