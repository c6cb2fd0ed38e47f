import { silentLog } from '@millrace/testing/serve-for-test';
import { exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createKeySet } from './key-set.ts';

const pairs = await Promise.all(['a', 'b'].map(async (kid) => ({ kid, ...(await generateKeyPair('EdDSA')) })));

async function tokenOf(kid: string): Promise<string> {
  const pair = pairs.find((each) => each.kid === kid) ?? pairs[0];
  if (!pair) throw new Error('no key');
  return new SignJWT({}).setProtectedHeader({ alg: 'EdDSA', kid }).sign(pair.privateKey);
}

async function publicOf(kid: string): Promise<JWK & { kty: string }> {
  const pair = pairs.find((each) => each.kid === kid);
  const { kty = '', ...rest } = pair ? await exportJWK(pair.publicKey) : {};
  return { ...rest, kty, kid, alg: 'EdDSA' };
}

/** An issuer whose keys and time are set by the test. */
function issuer(...kids: string[]) {
  const state = { kids, asked: 0, isUp: true, now: 0 };
  const keys = createKeySet({
    issuer: 'http://127.0.0.1:8086',
    log: silentLog,
    now: () => state.now,
    async fetchKeys() {
      state.asked += 1;
      if (!state.isUp) throw new Error('connect ECONNREFUSED');
      return { keys: await Promise.all(state.kids.map(publicOf)) };
    },
  });
  const verify = async (kid: string) => jwtVerify(await tokenOf(kid), keys.keyOf);
  return { state, verify, keys };
}

describe('createKeySet', () => {
  it('asks once for any number of tokens', async () => {
    const { state, verify } = issuer('a');

    await Promise.all(Array.from({ length: 20 }, () => verify('a')));

    expect(state.asked).toBe(1);
  });

  it('asks again for a key that it does not know, at most once in 30 s', async () => {
    const { state, verify } = issuer('a');
    await verify('a');
    state.kids = ['a', 'b'];

    const early = await verify('b').catch(({ code }) => code);
    await Promise.all(Array.from({ length: 20 }, (_, n) => verify(`made-up-${n}`).catch(() => undefined)));
    const askedBefore = state.asked;
    state.now = 30_000;
    await verify('b');
    await Promise.all(Array.from({ length: 20 }, (_, n) => verify(`made-up-${n}`).catch(() => undefined)));

    expect(early).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect([askedBefore, state.asked]).toEqual([1, 2]);
  });

  it('keeps the last good keys while the issuer is away', async () => {
    const { state, verify } = issuer('a');
    await verify('a');
    state.isUp = false;

    state.now = 3_600_000;
    await verify('a');
    await expect(verify('b')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    await verify('a');

    expect(state.asked).toBeGreaterThan(1);
  });

  it('lets go of keys that the issuer has withdrawn', async () => {
    const { state, verify } = issuer('a', 'b');
    await verify('a');
    state.kids = ['b'];

    state.now = 601_000;
    await verify('b');
    await expect(verify('a')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('is 503 while no keys were ever had, and works as soon as the issuer answers', async () => {
    const { state, verify, keys } = issuer('a');
    state.isUp = false;
    const refusal = await verify('a').catch((error: unknown) => error);
    await expect(keys.ready()).rejects.toMatchObject({ code: 'issuer-unavailable' });

    state.isUp = true;
    state.now = 1_000;
    await verify('a');

    expect(refusal).toMatchObject({ status: 503, code: 'issuer-unavailable', headers: { 'retry-after': '1' } });
  });
});
