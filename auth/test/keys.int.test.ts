import { selectRows } from '@millrace/core/database/run-sql';
import { serviceMain, startService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { keySeal, renewKey } from '../key/renew-key.ts';
import { removeEndedKeys } from '../key/stored-keys.ts';
import { ann, tokensOf } from './ask-auth.ts';
import { type AuthBed, openAuthBed, SECRETS_KEY } from './auth-bed.ts';

let bed: AuthBed;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
});
afterAll(() => bed.close());

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });
const keysAt = async (url: string) => keySet.parse(await (await fetch(`${url}/.well-known/jwks.json`)).json());
const kidsAt = async (url: string) => (await keysAt(url)).keys.map(({ kid }) => kid);
const kidOfNew = async (url: string) => decodeProtectedHeader((await tokensOf(url, ann)).access_token).kid;
const startWith = (env: Readonly<Record<string, string>>) => startService(serviceMain('auth'), { ...bed.env, ...env });

describe('signing keys', () => {
  it('are one, made once, where two replicas start at the same time on an empty database', async () => {
    const [one, other] = await Promise.all([bed.start(), bed.start()]);

    expect(await kidsAt(one.url)).toHaveLength(1);
    expect(await keysAt(one.url)).toEqual(await keysAt(other.url));
    expect(await keysAt(one.url)).toEqual({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), alg: 'EdDSA', use: 'sig' }],
    });
  });

  it('are rotated for every replica within seconds, and a token of the old one is still good', async () => {
    const [one, other] = await Promise.all([bed.start(), bed.start()]);
    const { access_token } = await tokensOf(one.url, ann);
    const [old] = await kidsAt(one.url);

    const kid = await renewKey(bed.db, keySeal(SECRETS_KEY), { fromDays: 0 });

    for (const { url } of [one, other])
      await waitUntil(
        () => kidOfNew(url),
        (now) => now === kid,
        { withinMs: 5_000 },
      );
    expect(await kidsAt(other.url)).toEqual([kid, old]);
    expect((await jwtVerify(access_token, createLocalJWKSet(await keysAt(other.url)))).payload.sub).toBe('user-1');
  });

  it('are served until their last token has ended, and removed then', async () => {
    const before = (await selectRows(bed.db, 'SELECT kid FROM auth_keys')).length;
    await bed.db.raw('UPDATE auth_keys SET retired_at = TIMESTAMPADD(MINUTE, -15, retired_at)');
    const { url } = await bed.start();
    expect(await kidsAt(url)).toHaveLength(before);

    await bed.db.raw('UPDATE auth_keys SET retired_at = TIMESTAMPADD(MINUTE, -2, retired_at)');

    await waitUntil(
      () => kidsAt(url),
      (kids) => kids.length === 1,
      { withinMs: 5_000 },
    );
    expect(await removeEndedKeys(bed.db)).toBe(before - 1);
  });

  it('are replaced once they are as old as AUTH_KEY_DAYS', async () => {
    const { url: before } = await bed.start({ AUTH_KEY_DAYS: '7' });
    const [old] = await kidsAt(before);
    await bed.db.raw('UPDATE auth_keys SET created_at = TIMESTAMPADD(DAY, -7, created_at)');

    const { url } = await bed.start({ AUTH_KEY_DAYS: '7' });

    const kids = await kidsAt(url);
    expect(kids).toHaveLength(2);
    expect(kids[1]).toBe(old);
  });

  it('are stored so that only SECRETS_KEY opens them: another one, or none, is a line at the start', async () => {
    await expect(startWith({ SECRETS_KEY: 'another-key-of-the-tests' })).rejects.toThrow(
      /auth cannot start: SECRETS_KEY is not the one that [^\n]*$/m,
    );
    await expect(startWith({ SECRETS_KEY: '' })).rejects.toThrow(
      /auth cannot start: SECRETS_KEY is not set, and [^\n]*$/m,
    );
    const rows = await selectRows<{ text: string }>(bed.db, 'SELECT HEX(sealed_private_key) AS text FROM auth_keys');
    const plain = Buffer.from('PRIVATE').toString('hex').toUpperCase();
    expect(rows.filter(({ text }) => text.includes(plain))).toEqual([]);
  });
});
