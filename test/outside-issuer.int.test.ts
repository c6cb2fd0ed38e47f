import { freePort } from '@millrace/stack/parts/free-port';
import type { RunningService } from '@millrace/testing/start-service';
import { tokenOf } from '@millrace/testing/token-of';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AUDIENCE, type OutsideIssuer, type ProviderSettings, startProvider } from './oidc/start-provider.ts';
import { openGround } from './start-platform.ts';

const SECRET = 'a-secret-of-the-tests';
const MESSAGE = { type: 'door.opened', sent_at: '2026-03-14T07:30:00.000Z', payload: { badge: '1204' } };
/** What a service waits for keys, and some time to answer. */
const WITHIN_MS = 8_000;

let ground: World;
let provider: OutsideIssuer;
let receiver: RunningService;
let storage: RunningService;
let path: string;

beforeAll(async () => {
  const relay = await shippedSchema('relay/relay-messages');
  ground = await openGround({ relay: { ...relay, stream: { ...relay.stream, path: undefined } } });
  path = ground.stream().path;
  provider = await startProvider();
  [receiver, storage] = await Promise.all([
    startTrusting('receiver', provider.url),
    startTrusting('storage', provider.url),
  ]);
});

afterAll(async () => {
  await provider?.kill();
  await ground?.close();
});

const startTrusting = (service: string, issuer: string): Promise<RunningService> =>
  ground.start(service, { env: { AUTH: 'required', AUTH_ISSUER: issuer, AUTH_AUDIENCE: AUDIENCE } });

async function startProviderOfTest(settings: ProviderSettings): Promise<OutsideIssuer> {
  const started = await startProvider(settings);
  onTestFinished(() => started.kill());
  return started;
}

async function post(to: RunningService, token: string) {
  const response = await fetch(to.url + path, {
    method: 'POST',
    body: JSON.stringify(MESSAGE),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  const body: { readonly code?: string; readonly detail?: string } = JSON.parse(await response.text());
  return { status: response.status, code: body.code, detail: body.detail ?? '', headers: response.headers };
}

const list = (token: string) => fetch(storage.url + path, { headers: { authorization: `Bearer ${token}` } });

describe('with AUTH_ISSUER, a token of that issuer', () => {
  it('posts and reads', async () => {
    const token = await provider.token();

    const posted = await post(receiver, token);
    const rows = await waitUntil(
      async () => (await list(token)).text(),
      (text) => text !== '[]',
    );

    expect(posted.status).toBe(201);
    expect(JSON.parse(rows)).toEqual([expect.objectContaining({ ...MESSAGE, source: 'phone' })]);
  });

  it('reaches as far as its scopes', async () => {
    const [ingest, read] = [await provider.token({ scope: 'ingest' }), await provider.token({ scope: 'read' })];

    const statuses = [(await post(receiver, ingest)).status, (await post(receiver, read)).status];
    const listed = [(await list(ingest)).status, (await list(read)).status];

    expect([...statuses, ...listed]).toEqual([201, 403, 403, 200]);
  });

  it('is refused when it is for another audience', async () => {
    const token = await provider.token({ audience: 'urn:somebody:else' });

    expect(await post(receiver, token)).toMatchObject({ status: 401, code: 'unauthorized' });
    expect((await list(token)).status).toBe(401);
  });

  it('is taken when RS256 signed it', async () => {
    const other = await startProviderOfTest({ OIDC_ALG: 'RS256' });
    const trusting = await startTrusting('receiver', other.url);

    const [own, foreign] = [await post(trusting, await other.token()), await post(trusting, await provider.token())];

    expect([own.status, foreign.status]).toEqual([201, 401]);
  });
});

it('a token of our own auth is refused', async () => {
  const clients = [{ client_id: 'phone', client_secret: SECRET, scopes: 'ingest read' }];
  const accounts = { AUTH_CLIENTS: JSON.stringify({ clients }), AUTH_AUDIENCE: AUDIENCE };
  const auth = await ground.start('auth', { env: { ...accounts, AUTH_PORT: String(await freePort()) } });

  const token = await tokenOf(auth.url, 'phone', SECRET);

  expect(await post(receiver, token)).toMatchObject({ status: 401, code: 'unauthorized' });
});

describe('an issuer', () => {
  it('whose metadata names another one is refused', async () => {
    const other = await startProviderOfTest({ OIDC_ISSUER: 'http://127.0.0.1:1' });
    const trusting = await startTrusting('receiver', other.url);

    const refused = await post(trusting, await other.token());

    expect(refused).toMatchObject({ status: 503, code: 'issuer-unavailable' });
    expect(refused.detail).toContain('its metadata is that of the issuer http://127.0.0.1:1');
  });

  it('whose keys are behind a redirect is refused', async () => {
    const other = await startProviderOfTest({ OIDC_REDIRECT: '1' });
    const trusting = await startTrusting('receiver', other.url);

    const refused = await post(trusting, await other.token());

    expect(refused).toMatchObject({ status: 503, code: 'issuer-unavailable' });
    expect(refused.detail).toMatch(/redirect/);
  });

  it('that hangs is answered for by 503 in time, and tokens of known keys go on', async () => {
    const other = await startProviderOfTest({});
    const [knowing, ready] = await Promise.all([startTrusting('receiver', other.url), other.token()]);
    await post(knowing, ready);
    const unseen = await other.token();
    await other.kill('SIGSTOP');
    const fresh = await startTrusting('receiver', other.url);
    const begun = performance.now();

    const waiting = post(fresh, unseen);
    const known = [(await post(knowing, ready)).status, (await post(knowing, unseen)).status];
    const knownMs = performance.now() - begun;
    const refused = await waiting;
    const refusedMs = performance.now() - begun;
    await other.kill('SIGCONT');
    const later = await waitUntil(
      () => post(fresh, unseen),
      ({ status }) => status !== 503,
    );

    expect(known).toEqual([201, 201]);
    expect(knownMs).toBeLessThan(refusedMs);
    expect(refused).toMatchObject({ status: 503, code: 'issuer-unavailable' });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refusedMs).toBeLessThan(WITHIN_MS);
    expect(later.status).toBe(201);
  });

  it('that dies is not missed by tokens of known keys, and its new keys are taken when it is back', async () => {
    const [seen, unseen] = [await provider.token(), await provider.token()];
    await post(receiver, seen);
    await provider.kill();

    const gone = [(await post(receiver, seen)).status, (await post(receiver, unseen)).status];
    const fresh = await startTrusting('receiver', provider.url);
    const without = await post(fresh, unseen);
    provider = await startProvider({ OIDC_PORT: new URL(provider.url).port });
    const token = await provider.token();
    const renewed = await waitUntil(
      () => post(fresh, token),
      ({ status }) => status !== 503,
    );
    const old = await post(fresh, unseen);

    expect(gone).toEqual([201, 201]);
    expect(without).toMatchObject({ status: 503, code: 'issuer-unavailable' });
    expect(renewed.status).toBe(201);
    expect(old).toMatchObject({ status: 401, code: 'unauthorized' });
  });
});
