import type { LogLine, RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ann, post, refreshed, tokensOf } from './ask-auth.ts';
import { type AuthBed, openAuthBed } from './auth-bed.ts';
import { type CuttableProxy, openCuttableProxy } from './cuttable-proxy.ts';

let bed: AuthBed;
let proxy: CuttableProxy;
let auth: RunningService;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
  proxy = await openCuttableProxy(bed.env.DATABASE_URL ?? '');
  auth = await bed.start({ DATABASE_URL: proxy.url });
});
afterAll(async () => {
  await bed.close();
  await proxy.close();
});

const statusOf = async (path: string) => (await fetch(auth.url + path)).status;

describe('while the database is away', () => {
  it('no token is given, with when to come again; the keys are; and all works once it is back', async () => {
    const { refresh_token } = await tokensOf(auth.url, ann);
    const keys: unknown = await (await fetch(`${auth.url}/.well-known/jwks.json`)).json();

    proxy.cut();
    await waitUntil(
      () => statusOf('/readyz'),
      (status) => status === 503,
    );

    for (const [path, fields] of [
      ['/token', ann],
      ['/token', { grant_type: 'refresh_token', refresh_token }],
      ['/revoke', { token: refresh_token }],
    ] as const) {
      const { status, headers, body } = await post(auth.url, path, fields);
      expect([status, body, headers.get('retry-after')]).toMatchObject([503, { code: 'database-unavailable' }, '1']);
    }
    expect(await (await fetch(`${auth.url}/.well-known/jwks.json`)).json()).toEqual(keys);

    proxy.mend();
    await waitUntil(
      () => statusOf('/readyz'),
      (status) => status === 200,
    );
    expect((await refreshed(auth.url, refresh_token)).token_type).toBe('Bearer');
  });

  it('a start waits for it', async () => {
    proxy.cut();
    const onLine = ({ msg }: LogLine) => msg === 'waiting for the database' && proxy.mend();

    const { lines } = await bed.start({ DATABASE_URL: proxy.url }, { onLine });

    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['waiting for the database', 'listening']));
  });
});
