import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectRows } from '@millrace/core/database/run-sql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { basic, post, refresh, refusal, tokensOf } from './ask-auth.ts';
import { type AuthBed, openAuthBed } from './auth-bed.ts';

let bed: AuthBed;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
});
afterAll(() => bed.close());

async function hashes(): Promise<Map<string, string>> {
  const rows = await selectRows<{ name: string; secret_hash: string }>(
    bed.db,
    'SELECT name, secret_hash FROM auth_accounts',
  );
  return new Map(rows.map(({ name, secret_hash }) => [name, secret_hash]));
}
const user = (password: string, scopes = 'read') => ({
  AUTH_CLIENTS: JSON.stringify({ users: [{ username: 'bob', password, scopes }] }),
});
const bob = (password: string) => ({ grant_type: 'password', username: 'bob', password });

describe('the accounts to begin with', () => {
  it('are there after a start, and a further start changes none', async () => {
    const { url } = await bed.start(user('first-password'));
    await tokensOf(url, bob('first-password'));
    const before = await hashes();

    await Promise.all([bed.start(user('first-password')), bed.start(user('first-password'))]);

    expect(await hashes()).toEqual(before);
    expect(before.get('bob')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('get a changed password, which ends the refresh tokens of the old one', async () => {
    const { url } = await bed.start(user('first-password'));
    const { refresh_token } = await tokensOf(url, bob('first-password'));

    await bed.start(user('second-password'));

    expect(await post(url, '/token', bob('first-password'))).toMatchObject(refusal(400, 'invalid_grant'));
    expect(await refresh(url, refresh_token)).toMatchObject(refusal(400, 'invalid_grant'));
    expect((await tokensOf(url, bob('second-password'))).scope).toBe('read');
    await bed.start(user('second-password', 'read ingest'));
    expect((await tokensOf(url, bob('second-password'))).scope).toBe('read ingest');
  });

  it('are also the relay’s, and those that make up made', async () => {
    const credentials = {
      ...{ users: { relay: 'made-for-relay' }, clients: { admin: 'made-for-admin' }, secrets_key: bed.env.SECRETS_KEY },
      mysql: { root: 'root-password', millrace: 'its-password' },
    };
    await writeFile(join(bed.env.DATA_DIR ?? '', 'credentials.json'), JSON.stringify(credentials));

    const { url } = await bed.start({ SECRETS_KEY: '', RELAY_USERNAME: 'vendor', RELAY_PASSWORD: 'vendors-own' });

    const relay = 'ingest:relay-messages read:relay-messages';
    const asUser = (username: string, password: string) =>
      tokensOf(url, { grant_type: 'password', username, password });
    expect((await asUser('relay', 'made-for-relay')).scope).toBe(relay);
    expect((await asUser('vendor', 'vendors-own')).scope).toBe(relay);
    const admin = await tokensOf(url, { grant_type: 'client_credentials' }, basic('admin', 'made-for-admin'));
    expect(admin.scope).toBe('ingest read sync rules admin');
  });
});

describe('a stored hash that is none', () => {
  it('lets nobody in', async () => {
    const { url } = await bed.start();
    await bed.db.raw("UPDATE auth_accounts SET secret_hash = 'ann-ann-ann' WHERE name = 'ann'");

    const answer = await post(url, '/token', { grant_type: 'password', username: 'ann', password: 'ann-ann-ann' });

    expect(answer).toMatchObject(refusal(400, 'invalid_grant'));
  });
});
