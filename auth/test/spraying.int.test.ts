import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ann, clients, post, refresh, refusal, tokensOf } from './ask-auth.ts';
import { type AuthBed, openAuthBed } from './auth-bed.ts';

const ALLOWED = 100;

let bed: AuthBed;
let auth: RunningService;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
  auth = await bed.start({ AUTH_TRUST_PROXY: '1' });
});
afterAll(() => bed.close());

const from = (address: string) => ({ 'x-forwarded-for': address });
const tryOne = (n: number, address: string) =>
  post(auth.url, '/token', { ...ann, username: `name-${n}`, password: 'Winter2026!' }, from(address));

it('one password for many names from one address is stopped, and others sign in meanwhile', async () => {
  const given = await tokensOf(auth.url, ann, from('192.0.2.9'));
  const statuses: number[] = [];
  for (let n = 0; n < ALLOWED; n += 1) statuses.push((await tryOne(n, '192.0.2.1')).status);

  const more = await tryOne(ALLOWED, '192.0.2.1');
  const right = await post(auth.url, '/token', ann, from('192.0.2.1'));
  const forged = await tryOne(ALLOWED, '203.0.113.7, 192.0.2.1');
  const elsewhere = await post(auth.url, '/token', ann, from('192.0.2.2'));
  const client = await post(
    auth.url,
    '/token',
    { grant_type: 'client_credentials' },
    { ...clients.watch, ...from('192.0.2.2') },
  );
  const refreshed = await refresh(auth.url, given.refresh_token, from('192.0.2.1'));

  expect(new Set(statuses)).toEqual(new Set([400]));
  expect(more).toMatchObject(refusal(429, 'slow_down'));
  expect(Number(more.headers.get('retry-after'))).toBeGreaterThan(0);
  expect([right.status, forged.status]).toEqual([429, 429]);
  expect([elsewhere.status, client.status, refreshed.status]).toEqual([200, 200, 200]);
});

it('a guessed refresh token is refused, and a guess at an access token is none', async () => {
  const { refresh_token, access_token } = await tokensOf(auth.url, ann, from('192.0.2.3'));
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  const asAccess = await post(auth.url, '/introspect', { token: access_token }, bearer(refresh_token));
  const asRefresh = await refresh(auth.url, access_token);
  const guesses = await Promise.all(
    Array.from({ length: 50 }, (_, n) => refresh(auth.url, Buffer.alloc(32, n).toString('base64url'))),
  );
  const metrics = await fetch(`${auth.url}/metrics`, { headers: bearer(refresh_token) });

  expect(asAccess.status).toBe(401);
  expect(asRefresh).toMatchObject(refusal(400, 'invalid_grant'));
  expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([400]));
  expect(metrics.status).toBe(401);
});
