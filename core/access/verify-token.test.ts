import { silentLog } from '@millrace/testing/serve-for-test';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Caller } from './caller.ts';
import { createKeySet } from './key-set.ts';
import { createVerifyToken } from './verify-token.ts';

const ISSUER = 'http://127.0.0.1:8086';
const NOW = Date.parse('2026-03-14T08:00:00Z');
const seconds = Math.floor(NOW / 1_000);

const { privateKey, publicKey } = await generateKeyPair('EdDSA');
const other = await generateKeyPair('EdDSA');
const rsa = await generateKeyPair('RS256');
const jwks = {
  keys: [
    { ...(await exportJWK(publicKey)), kty: 'OKP', kid: 'a', alg: 'EdDSA', use: 'sig' },
    { ...(await exportJWK(rsa.publicKey)), kty: 'RSA', kid: 'rsa', alg: 'RS256', use: 'sig' },
  ],
};

const CLAIMS = {
  iss: ISSUER,
  aud: 'millrace',
  sub: 'ada',
  client_id: 'watch',
  scope: 'ingest:running read',
  jti: '1',
  iat: seconds,
  exp: seconds + 900,
};
const HEADER: JWTHeaderParameters = { alg: 'EdDSA', typ: 'at+jwt', kid: 'a' };

type Signer = Parameters<SignJWT['sign']>[0];

const signed = (claims: object = {}, header: object = {}, key: Signer = privateKey) =>
  new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ ...HEADER, ...header }).sign(key);

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function verifier(times = { now: NOW }) {
  let fetched = 0;
  const keys = createKeySet({
    issuer: ISSUER,
    log: silentLog,
    async fetchKeys() {
      fetched += 1;
      return jwks;
    },
  });
  const verify = createVerifyToken({
    issuer: ISSUER,
    audience: 'millrace',
    algorithms: ['EdDSA'],
    keys,
    now: () => times.now,
  });
  return { verify: async (token: string): Promise<Caller> => verify(token), verifyNow: verify, fetched: () => fetched };
}

describe('createVerifyToken', () => {
  it('answers who holds the token, and remembers it', async () => {
    const { verify, verifyNow } = verifier();
    const token = await signed();

    const caller = await verify(token);

    expect(caller).toEqual({ subject: 'ada', clientId: 'watch', scopes: new Set(['ingest:running', 'read']) });
    expect(verifyNow(token)).toBe(caller);
  });

  it('forgets a token when it ends', async () => {
    const times = { now: NOW };
    const { verify } = verifier(times);
    const token = await signed();
    await verify(token);

    times.now = NOW + 899_999;
    const last = await verify(token);
    times.now = NOW + 900_000;

    expect(last.subject).toBe('ada');
    await expect(verify(token)).rejects.toMatchObject({ status: 401, message: /expired/ });
  });

  it.each([
    ['expired a second ago', () => signed({ exp: seconds - 1 })],
    ['expired now', () => signed({ exp: seconds })],
    ['that never ends', () => signed({ exp: undefined })],
    ['of another issuer', () => signed({ iss: 'http://127.0.0.1:8087' })],
    ['for another audience', () => signed({ aud: 'others' })],
    ['for no audience', () => signed({ aud: undefined })],
    ['of nobody', () => signed({ sub: undefined })],
    ['of an empty name', () => signed({ sub: '' })],
    ['that is not valid yet', () => signed({ nbf: seconds + 60 })],
    ['of another kind', () => signed({}, { typ: 'JWT' })],
    ['of no kind', () => signed({}, { typ: undefined })],
    ['that is a refresh token', () => signed({}, { typ: 'rt+jwt' })],
    ['by another key', () => signed({}, {}, other.privateKey)],
    ['by an unknown key', () => signed({}, { kid: 'b' }, other.privateKey)],
    ['by a key that is a path', () => signed({}, { kid: '../../etc/passwd' }, other.privateKey)],
    ['by a key that is SQL', () => signed({}, { kid: "' OR 1=1 --" }, other.privateKey)],
    [
      'with a key of its own',
      async () => signed({}, { kid: undefined, jwk: await exportJWK(other.publicKey) }, other.privateKey),
    ],
    ['with a key elsewhere', () => signed({}, { jku: 'http://127.0.0.1:1/jwks', kid: 'b' }, other.privateKey)],
    ['by a key of another algorithm', () => signed({}, { alg: 'RS256', kid: 'rsa' }, rsa.privateKey)],
    ['without a signature', async () => `${base64({ ...HEADER, alg: 'none' })}.${base64(CLAIMS)}.`],
    ['with None for an algorithm', async () => `${base64({ ...HEADER, alg: 'NoNe' })}.${base64(CLAIMS)}.`],
    ['signed with the public key as a secret', () => signedWithSecret(jwks.keys[0] ?? {})],
    ['with other claims under its signature', async () => tampered(await signed())],
    ['with an unknown critical header', () => signedWithCrit()],
    ['of two parts', async () => 'a.b'],
    ['of nothing', async () => '..'],
    ['that is no JSON', async () => `${Buffer.from('{').toString('base64url')}.e30.AA`],
    ['that is huge', async () => `${'a'.repeat(9_000)}.e30.AA`],
  ])('refuses a token %s, with 401 and RFC 6750’s error', async (_, make) => {
    const { verify } = verifier();

    await expect(verify(await make())).rejects.toMatchObject({
      status: 401,
      code: 'unauthorized',
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    });
  });

  it('never repeats what a token says', async () => {
    const { verify } = verifier();
    const token = await signed({ aud: 'canary-audience', sub: 'canary-subject' });

    const refusal = await verify(token).catch((error: unknown) => JSON.stringify([error, String(error)]));

    expect(refusal).not.toContain('canary');
    expect(refusal).not.toContain(token.slice(0, 20));
  });
});

function signedWithSecret(publicJwk: JWK): Promise<string> {
  return signed({}, { alg: 'HS256' }, Buffer.from(String(publicJwk.x), 'base64url'));
}

async function signedWithCrit(): Promise<string> {
  const header = { ...HEADER, crit: ['b64'], b64: true, x: 1 };
  return `${base64({ ...header, crit: ['x'] })}.${(await signed()).split('.').slice(1).join('.')}`;
}

function tampered(token: string): string {
  const [header, , signature] = token.split('.');
  return `${header}.${base64({ ...CLAIMS, scope: 'admin' })}.${signature}`;
}
