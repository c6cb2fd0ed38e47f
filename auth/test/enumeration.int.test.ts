import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { createTestDatabase } from '@millrace/testing/test-names';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { AccountKind } from '../account/account.ts';
import { type Authenticate, createAuthenticate } from '../account/authenticate.ts';
import { saveAccount } from '../account/save-account.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { createSecretHashes } from '../secret/secret-hashes.ts';

const SAMPLES = 1_000;
/** Of the whole time, nearly all of which is one hash: none, or two, would show as twice or half. A busy machine moves medians too. */
const MOST_APART = 0.2;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Database & { close(): Promise<void> };
let authenticate: Authenticate;

beforeAll(async () => {
  database = await createTestDatabase(inject('stack').databaseUrl);
  db = openDatabase(database.url);
  await prepareDatabase(db);
  const hashes = await createSecretHashes();
  for (const kind of ['client', 'user'] as const)
    await saveAccount(db, {
      ...{ kind, name: 'known', subject: 'known', scopes: ['read'] },
      secretHash: await hashes.hash('the-right-secret'),
    });
  // The throttle would end the samples after ten: who is not throttled is who has many addresses.
  const throttle = { check: async () => undefined, failed: async () => undefined };
  authenticate = createAuthenticate({ db, hashes, throttle });
});
afterAll(async () => {
  await db?.close();
  await database?.close();
});

async function millisecondsFor(kind: AccountKind, name: string): Promise<number> {
  const started = performance.now();
  const account = await authenticate({ kind, name, secret: 'a-wrong-secret', address: '192.0.2.1' });
  expect(account).toBeUndefined();
  return performance.now() - started;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

it('an unknown name can not be told from a wrong secret by the time that the answer takes', async () => {
  const known: number[] = [];
  const unknown: number[] = [];

  // In turns, so that what else the machine does falls on both alike.
  for (let n = 0; n < SAMPLES / 2; n += 1) {
    const kind = n % 2 === 0 ? 'user' : 'client';
    known.push(await millisecondsFor(kind, 'known'));
    unknown.push(await millisecondsFor(kind, `unknown-${n}`));
  }

  expect(median(known)).toBeGreaterThan(5);
  expect(Math.abs(median(known) / median(unknown) - 1)).toBeLessThan(MOST_APART);
}, 100_000);
