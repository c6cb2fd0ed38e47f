import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ann, basic, clients, post, refusal, tokensOf } from './ask-auth.ts';
import { type AuthBed, openAuthBed } from './auth-bed.ts';

let bed: AuthBed;
let auth: RunningService;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
  auth = await bed.start({ AUTH_TRUST_PROXY: '1' });
});
afterAll(() => bed.close());

const from = (address: string) => ({ 'x-forwarded-for': address });
const wrong = (username: string, address: string) =>
  post(auth.url, '/token', { ...ann, username, password: 'wrong' }, from(address));

describe('wrong secrets', () => {
  it('are refused after ten for a name from an address, with when to come again, and nobody else is', async () => {
    for (let n = 0; n < 10; n += 1) expect((await wrong('ann', '192.0.2.1')).status).toBe(400);

    const refused = await wrong('ann', '192.0.2.1');

    expect(refused).toMatchObject(refusal(429, 'slow_down'));
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await post(auth.url, '/token', ann, from('192.0.2.1'))).toMatchObject(refusal(429, 'slow_down'));
    expect((await post(auth.url, '/token', ann, from('192.0.2.2'))).status).toBe(200);
  });

  it('are refused for unknown names just so', async () => {
    for (let n = 0; n < 10; n += 1) expect((await wrong('nobody', '192.0.2.3')).status).toBe(400);

    expect((await wrong('nobody', '192.0.2.3')).status).toBe(429);
  });

  it('are refused when they come at once: few more than ten are tried', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, () => wrong('ann', '192.0.2.4')));

    const tried = all.filter(({ status }) => status === 400).length;
    expect(tried).toBeGreaterThanOrEqual(10);
    expect(tried).toBeLessThanOrEqual(13);
  });

  it('are counted for clients and on every route', async () => {
    const headers = { ...basic('watch', 'wrong'), ...from('192.0.2.5') };
    for (let n = 0; n < 10; n += 1) await post(auth.url, '/introspect', { token: 'x' }, headers);

    expect(await post(auth.url, '/revoke', { token: 'x' }, headers)).toMatchObject(refusal(429, 'slow_down'));
  });
});

describe('right secrets', () => {
  it('are never slowed down, and too many at once are told to come again', async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, () => tokensOf(auth.url, { grant_type: 'client_credentials' }, clients.watch)),
    );
    expect(new Set(all.map(({ access_token }) => access_token)).size).toBe(40);

    const many = await Promise.all(Array.from({ length: 300 }, () => post(auth.url, '/token', ann, from('192.0.2.6'))));

    const refused = many.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ status: 503, body: { code: 'saturated' } });
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
  });
});
