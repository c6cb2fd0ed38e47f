import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { createTestDatabase } from '@millrace/testing/test-names';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { AccountKind } from '../account/account.ts';
import { type Authenticate, createAuthenticate } from '../account/authenticate.ts';
import { saveAccount } from '../account/save-account.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { createSecretHashes } from '../secret/secret-hashes.ts';

/** A hash takes 10 to 12 ms; leaving it out, or doing it twice, would show as that. */
const MOST_APART_MS = 2;

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

it.each([
  ['user', 1_000],
  ['client', 200],
] as const)(
  'an unknown %s can not be told from a wrong secret by the time that the answer takes',
  async (kind, samples) => {
    const times: { readonly known: number[]; readonly unknown: number[] } = { known: [], unknown: [] };

    // One after the other, so that what else the machine does falls on both alike.
    for (let n = 0; n < samples / 2; n += 1) {
      times.known.push(await millisecondsFor(kind, 'known'));
      times.unknown.push(await millisecondsFor(kind, `unknown-${n}`));
    }

    expect(median(times.known)).toBeGreaterThan(5);
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(MOST_APART_MS);
  },
  100_000,
);
