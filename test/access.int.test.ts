import { serviceNames } from '@millrace/core/services/services';
import { freePort } from '@millrace/stack/parts/free-port';
import { createTestNames } from '@millrace/testing/test-names';
import { tokenOf } from '@millrace/testing/token-of';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { getJson } from './get-json.ts';
import { openGround, type Platform, startPlatform } from './start-platform.ts';

const ADA = '6f1e2f0c-6f6a-4e0e-9a53-0d1a3c2b4d5e';
const BEN = '0b7b1c1e-3c55-4a2b-8a3e-5f2d7e6c9a10';
const SECRET = 'a-secret-of-the-tests';

const clientsOf = (running: string) => [
  { client_id: 'runs', client_secret: SECRET, scopes: `read:${running}` },
  { client_id: 'phone', client_secret: SECRET, scopes: 'ingest' },
  { client_id: 'watch', client_secret: SECRET, scopes: 'ingest' },
  { client_id: 'reader', client_secret: SECRET, scopes: 'read' },
  { client_id: 'ada', client_secret: SECRET, scopes: 'read:own', subject: ADA },
  { client_id: 'nobody', client_secret: SECRET, scopes: 'read:own' },
  { client_id: 'operator', client_secret: SECRET, scopes: 'admin' },
  { client_id: 'idle', client_secret: SECRET, scopes: 'sync:nothing' },
];

const methods = z.record(z.string(), z.looseObject({ security: z.array(z.record(z.string(), z.array(z.string()))) }));
const documentOf = z.object({ paths: z.record(z.string(), methods) });

/** What nobody needs a token for: probes, the page of the API, and what gives tokens or the keys to check them by. */
const PUBLIC = [
  'get /.well-known/jwks.json',
  'get /.well-known/oauth-authorization-server',
  'get /docs',
  'get /healthz',
  'get /openapi.json',
  'get /readyz',
  'post /introspect',
  'post /revoke',
  'post /token',
];

let ground: World;
let platform: Platform;
let tokens: Readonly<Record<string, string>>;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  const running = await shippedSchema('fitness/running');
  const relay = await shippedSchema('relay/relay-messages');
  const accounts = await shippedSchema('rewards/accounts');
  const withOwnPath = (schema: typeof running) => ({
    ...schema,
    stream: { ...schema.stream, path: undefined, count_as: undefined },
  });
  ground = await openGround({
    ...{ running: withOwnPath(running), relay: withOwnPath(relay), accounts: withOwnPath(accounts) },
  });
  const clients = clientsOf(ground.stream('running').name);
  env = {
    AUTH_PORT: String(await freePort()),
    AUTH_CLIENTS: JSON.stringify({ clients }),
    SECRETS_KEY: `a-key-of-${createTestNames().prefix}`,
  };
  platform = await startPlatform(ground, { ...env, AUTH: 'required' });
  const got = clients.map(async ({ client_id: id }) => [id, await tokenOf(platform.auth, id, SECRET)] as const);
  tokens = Object.fromEntries(await Promise.all(got));
});

afterAll(async () => {
  await platform?.close();
  await ground?.close();
});

const bearer = (client: string) => ({ authorization: `Bearer ${tokens[client]}` });

async function ask(url: string, client?: string, init: RequestInit = {}) {
  const headers = { ...(client !== undefined && bearer(client)), ...init.headers };
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

const post = (url: string, body: object, client?: string, headers: Record<string, string> = {}) =>
  ask(url, client, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

const runOf = (user_id: string, distance: number) => ({
  user_id,
  distance,
  duration: 60,
  timestamp: '2026-03-14T07:30:00.000Z',
});

/** Every operation of every document, with what its security says. */
async function operations() {
  const found = await Promise.all(
    serviceNames.map(async (service) => {
      const { paths } = documentOf.parse(await getJson(`${platform[service]}/openapi.json`));
      return Object.entries(paths).flatMap(([path, byMethod]) =>
        Object.entries(byMethod).map(([method, { security }]) => ({
          name: `${method} ${path}`,
          method: method.toUpperCase(),
          url: `${platform[service]}${path.replaceAll(/\{\w+\}/g, ADA)}`,
          security,
        })),
      );
    }),
  );
  return found.flat();
}

describe('where tokens are required', () => {
  it('is public what is meant to be, and nothing else', async () => {
    const all = await operations();

    const open = all.filter(({ security }) => security.length === 0).map(({ name }) => name);

    expect([...new Set(open)].toSorted()).toEqual(PUBLIC);
    expect(all.length).toBeGreaterThan(30);
  });

  it('every other operation refuses a request without a token, by 401 and RFC 6750’s header', async () => {
    const guarded = (await operations()).filter(({ security }) => security.length > 0);

    const answers = await Promise.all(
      guarded.map(async ({ name, method, url }) => {
        const { status, headers, text } = await ask(url, undefined, { method });
        return [name, status, headers.get('www-authenticate'), JSON.parse(text).code];
      }),
    );

    expect(answers).toEqual(guarded.map(({ name }) => [name, 401, 'Bearer', 'unauthorized']));
  });

  it('every other operation refuses a token that is none of ours', async () => {
    const guarded = (await operations()).filter(({ security }) => security.length > 0);

    const statuses = await Promise.all(
      guarded.map(
        async ({ method, url }) =>
          (await ask(url, undefined, { method, headers: { authorization: 'Bearer e30.e30.AA' } })).status,
      ),
    );

    expect(new Set(statuses)).toEqual(new Set([401]));
  });

  it('every other operation refuses a token without its scope, by 403', async () => {
    const guarded = (await operations()).filter(({ security }) => security.length > 0);

    const answers = await Promise.all(
      guarded.map(async ({ name, method, url }) => {
        const { status, headers, text } = await ask(url, 'idle', { method });
        return [
          name,
          status,
          JSON.parse(text).code,
          /^Bearer error="insufficient_scope", scope="/.test(headers.get('www-authenticate') ?? ''),
        ];
      }),
    );

    expect(answers).toEqual(guarded.map(({ name }) => [name, 403, 'insufficient-scope', true]));
  });

  it('HEAD and unusual spellings of a path are refused alike', async () => {
    const { path } = ground.stream('running');
    const urls = [
      `${platform.storage}${path}`,
      `${platform.storage}${path}/`,
      `${platform.storage}${path}?limit=1`,
      `${platform.storage}${path}/%2e%2e${path}`,
      `${platform.analyzer}/${ground.stream('running').name}?index=0`,
      `${platform.analyzer}/export/${ground.stream('running').name}.csv`,
      `${platform.receiver}/metrics`,
    ];

    const statuses = await Promise.all(urls.map(async (url) => (await fetch(url, { method: 'HEAD' })).status));
    const posted = await Promise.all(
      [path, `${path}/`, `${path}?x=1`, `/.${path}`].map(
        async (each) => (await post(`${platform.receiver}${each}`, {})).status,
      ),
    );

    expect(statuses.filter((status) => status !== 401 && status !== 404)).toEqual([]);
    expect(posted).toEqual([401, 401, 401, 401]);
  });
});

describe('a token', () => {
  it('that may post to a stream may delete from it, under its path and its aliases, and no other may', async () => {
    const { path, name } = ground.stream('accounts');
    const remove = (route: string, client?: string) =>
      ask(`${platform.receiver}${route}/${ADA}`, client, { method: 'DELETE' });

    const statuses = await Promise.all(
      [path, '/accounts'].flatMap((route) =>
        [undefined, 'reader', 'ada', 'operator', 'runs', 'phone'].map(
          async (client) => (await remove(route, client)).status,
        ),
      ),
    );

    const each = [401, 403, 403, 403, 403, 202];
    expect(statuses).toEqual([...each, ...each]);
    expect((await remove(path, 'reader')).headers.get('www-authenticate')).toContain('scope="ingest"');
    expect((await remove(path, 'reader')).json().detail).toContain(`ingest:${name}`);
  });

  it('names the source of what is posted with it, and scopes its idempotency keys', async () => {
    const { path } = ground.stream('running');
    const url = `${platform.receiver}${path}`;
    const key = { 'idempotency-key': 'run-1' };
    const body = runOf(BEN, 1_000);

    const [phone, again, watch] = [
      await post(url, body, 'phone', key),
      await post(url, body, 'phone', key),
      await post(url, body, 'watch', key),
    ];

    expect([phone.status, again.status, watch.status]).toEqual([201, 201, 201]);
    expect(again.json().event_id).toBe(phone.json().event_id);
    expect(watch.json().event_id).not.toBe(phone.json().event_id);
    const row = await waitUntil(
      () => ask(`${platform.storage}${path}/${watch.json().event_id}`, 'reader'),
      ({ status }) => status === 200,
    );
    expect(row.json()).toMatchObject({ source: 'watch', user_id: BEN });
  });

  it('with read:own finds its own rows in storage, and of others’ nothing, not even that they are there', async () => {
    const { path } = ground.stream('running');
    const mine = await post(`${platform.receiver}${path}`, runOf(ADA, 5_000), 'phone');
    const other = await post(`${platform.receiver}${path}`, runOf(BEN, 7_000), 'phone');
    const at = `${platform.storage}${path}`;
    await waitUntil(
      async () => (await ask(`${at}/${other.json().event_id}`, 'reader')).status,
      (status) => status === 200,
    );
    await waitUntil(
      async () => (await ask(`${at}/${mine.json().event_id}`, 'ada')).status,
      (status) => status === 200,
    );

    const list = (await ask(at, 'ada')).json();
    const byUser = (await ask(`${at}?user_id=${BEN}`, 'ada')).json();
    const lines = (await ask(at, 'ada', { headers: { accept: 'application/x-ndjson' } })).text.trim().split('\n');
    const csv = (await ask(at, 'ada', { headers: { accept: 'text/csv' } })).text;
    const hidden = await ask(`${at}/${other.json().event_id}`, 'ada');
    const absent = await ask(`${at}/${crypto.randomUUID()}`, 'ada');

    expect(list.map(({ user_id }: { user_id: string }) => user_id)).toEqual([ADA]);
    expect(byUser).toEqual([]);
    expect(lines.map((line) => JSON.parse(line).distance)).toEqual([5_000]);
    expect(csv).not.toContain(BEN);
    expect([hidden.status, absent.status]).toEqual([404, 404]);
    expect(Object.keys(hidden.json())).toEqual(Object.keys(absent.json()));
    expect((await ask(at, 'nobody')).json()).toEqual([]);
  });

  it('with read:own finds its own events in the analyzer, its exports and statistics', async () => {
    const { name } = ground.stream('running');
    const at = `${platform.analyzer}/${name}`;
    const all: { user_id: string; position: { index: number }; event_id: string }[] = await waitUntil(
      async () => (await ask(`${at}?from_index=0`, 'reader')).json(),
      (page) => Array.isArray(page) && page.some(({ user_id }) => user_id === ADA),
    );
    const own = all.find(({ user_id }) => user_id === ADA);
    const other = all.find(({ user_id }) => user_id === BEN);

    const page = (await ask(`${at}?from_index=0`, 'ada')).json();
    const statuses = await Promise.all(
      [
        `?index=${own?.position.index}`,
        `?event_id=${own?.event_id}`,
        `?index=${other?.position.index}`,
        `?event_id=${other?.event_id}`,
        '?index=1000',
      ].map(async (query) => (await ask(`${at}${query}`, 'ada')).status),
    );
    const question = await ask(`${platform.analyzer}/stats?stream=${name}&measure=sum(distance)`, 'ada');
    const filtered = await ask(`${platform.analyzer}/stats?stream=${name}&user_id=${BEN}`, 'ada');
    const summary = await ask(`${platform.analyzer}/stats`, 'ada');
    const exports = await Promise.all(
      ['csv', 'ndjson'].map(async (form) => (await ask(`${platform.analyzer}/export/${name}.${form}`, 'ada')).text),
    );
    const missing = await ask(`${at}?index=1000`, 'ada');

    expect(page.map(({ user_id }: { user_id: string }) => user_id)).toEqual([ADA]);
    expect(statuses).toEqual([200, 200, 404, 404, 404]);
    expect(question.json().data).toEqual([{ 'sum(distance)': 5_000, count: 1 }]);
    expect(filtered.json().data.map(({ count }: { count: number }) => count)).toEqual([0]);
    expect(summary.status).toBe(403);
    for (const text of exports) {
      expect(text).toContain(ADA);
      expect(text).not.toContain(BEN);
    }
    expect(missing.json().detail).toBe(`${name} has no such event of yours.`);
  });

  it('that may read one stream alone gets the summary of that one', async () => {
    const { name } = ground.stream('running');

    const one = (await ask(`${platform.analyzer}/stats`, 'runs')).json();
    const all = (await ask(`${platform.analyzer}/stats`, 'reader')).json();
    const other = await ask(`${platform.analyzer}/stats?stream=${ground.stream('relay').name}`, 'runs');

    expect(Object.keys(one.streams)).toEqual([name]);
    expect(Object.keys(all.streams)).toHaveLength(3);
    expect(other.status).toBe(400);
  });
});

describe('where tokens are not required', () => {
  it('relay messages need one, and other streams do not', async () => {
    const { path } = ground.stream('running');
    const { path: relayPath } = ground.stream('relay');
    const open = { receiver: await ground.start('receiver', { env }), storage: await ground.start('storage', { env }) };
    const message = {
      type: 'door.opened',
      sent_at: '2026-03-14T07:30:00.000Z',
      payload: { badge: '1204', granted: true },
    };

    const without = await post(`${open.receiver.url}${relayPath}`, message);
    const posted = await post(`${open.receiver.url}${relayPath}`, message, 'phone');
    const invalid = await post(`${open.receiver.url}${relayPath}`, { ...message, type: 'Door Opened' }, 'phone');
    const listed = await waitUntil(
      () => ask(`${open.storage.url}${relayPath}`, 'reader'),
      ({ status, text }) => status === 200 && text !== '[]',
    );
    const hidden = await ask(`${open.storage.url}${relayPath}`);
    const run = await post(`${open.receiver.url}${path}`, runOf(ADA, 3));
    const bad = await ask(`${open.storage.url}${path}`, undefined, { headers: { authorization: 'Bearer nonsense' } });

    expect([without.status, posted.status, invalid.status, hidden.status]).toEqual([401, 201, 400, 401]);
    expect(listed.json()).toEqual([expect.objectContaining({ ...message, source: 'phone' })]);
    expect([run.status, bad.status]).toEqual([201, 401]);
  });
});

describe('while auth is away', () => {
  it('a token is checked by what is known of it and of the keys', async () => {
    const { path } = ground.stream('running');
    const fresh = await tokenOf(platform.auth, 'phone', SECRET);
    await platform.stop('auth');

    const known = await post(`${platform.receiver}${path}`, runOf(BEN, 1), 'phone');
    const unseen = await ask(`${platform.receiver}${path}`, undefined, {
      method: 'POST',
      body: JSON.stringify(runOf(BEN, 2)),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${fresh}` },
    });

    expect([known.status, unseen.status]).toEqual([201, 201]);
  });
});
