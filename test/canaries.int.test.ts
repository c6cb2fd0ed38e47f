import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { serviceNames } from '@millrace/core/services/services';
import { freePort } from '@millrace/stack/parts/free-port';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openGround, type Platform, startPlatform } from './start-platform.ts';

/** Secrets that nothing else looks like. */
const canary = (name: string) => `canary-${name}-${randomBytes(12).toString('hex')}`;
const SECRETS_KEY = canary('secrets-key');
const CLIENT_SECRET = canary('client');
const PASSWORD = canary('password');
/** What was tried, and is no secret of ours, but may be one of another account. */
const WRONG = canary('wrong');
const USER = '6f1e2f0c-6f6a-4e0e-9a53-0d1a3c2b4d5e';
const ACCOUNTS = {
  clients: [{ client_id: 'boss', client_secret: CLIENT_SECRET, scopes: 'ingest read admin' }],
  users: [{ username: 'ann', password: PASSWORD, scopes: 'read ingest', subject: USER }],
};
const tokensOf = z.object({ access_token: z.string(), refresh_token: z.string() });

let ground: World;
let platform: Platform;
let db: Database & { close(): Promise<void> };
/** What Kafka held, with keys and headers, before the record that cannot be read came. */
const records: string[] = [];
/** Every answer that was a refusal, whole. */
const refusals: string[] = [];
const secrets = new Set([SECRETS_KEY, CLIENT_SECRET, PASSWORD, WRONG]);
let bearer: Readonly<Record<string, string>>;

beforeAll(async () => {
  const { stream, ...schema } = await shippedSchema('fitness/running');
  ground = await openGround({ running: { ...schema, stream: { ...stream, path: undefined } } });
  const databaseUrl = ground.env.DATABASE_URL ?? '';
  db = openDatabase(databaseUrl);
  const { password } = new URL(databaseUrl);
  if (password.length > 'millrace'.length) secrets.add(password);
  const env = { AUTH_PORT: String(await freePort()), AUTH_CLIENTS: JSON.stringify(ACCOUNTS), SECRETS_KEY };
  platform = await startPlatform(ground, { ...env, AUTH: 'required', LOG_LEVEL: 'trace' });
  await traffic();
});

afterAll(async () => {
  await platform?.close();
  await db?.close();
  await ground?.close();
});

async function send(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) refusals.push(text + JSON.stringify([...response.headers]));
  return { status: response.status, text };
}

const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`boss:${secret}`).toString('base64')}` });
const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  ...{ method: 'POST', body: new URLSearchParams(fields), headers },
});
const json = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  ...{ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
});

/** All that people and attackers do with secrets, right and wrong, at every service. */
async function traffic(): Promise<void> {
  const token = `${platform.auth}/token`;
  const user = { grant_type: 'password', username: 'ann', password: PASSWORD };
  const given = tokensOf.parse(JSON.parse((await send(token, form(user))).text));
  const boss = tokensOf.parse(
    JSON.parse((await send(token, form({ grant_type: 'client_credentials' }, basic(CLIENT_SECRET)))).text),
  );
  const renewed = tokensOf.parse(
    JSON.parse((await send(token, form({ grant_type: 'refresh_token', refresh_token: given.refresh_token }))).text),
  );
  for (const each of [given, boss, renewed]) for (const secret of Object.values(each)) secrets.add(secret);
  bearer = { authorization: `Bearer ${boss.access_token}` };
  const { access_token: access, refresh_token: refresh } = renewed;

  for (const init of [
    form({ ...user, password: WRONG }),
    form({ ...user, username: WRONG }),
    form({ grant_type: WRONG, scope: WRONG }),
    form({ grant_type: 'client_credentials' }, basic(WRONG)),
    form({ grant_type: 'client_credentials', client_id: 'boss', client_secret: WRONG }),
    form({ grant_type: 'client_credentials', scope: access }, basic(CLIENT_SECRET)),
    form({ grant_type: 'refresh_token', refresh_token: access }),
    json(`{"grant_type": "password", "username": "ann", "password": ${PASSWORD}}`),
    json(JSON.stringify({ ...user, password: { value: PASSWORD } })),
    json(JSON.stringify({ [PASSWORD]: 1, grant_type: [PASSWORD] })),
    form({}, { authorization: PASSWORD }),
  ])
    await send(token, init);
  for (const path of ['/introspect', '/revoke']) {
    await send(platform.auth + path, form({ token: access }));
    await send(platform.auth + path, form({ token: WRONG }, basic(WRONG)));
  }

  const { path, name } = ground.stream();
  const post = platform.receiver + path;
  for (const headers of [
    { authorization: `Bearer ${WRONG}` },
    { authorization: `Bearer ${refresh}` },
    { authorization: `Bearer ${access}x` },
    { authorization: `Basic ${access}` },
  ])
    for (const url of serviceNames.map((each) => `${platform[each]}/metrics`)) await send(url, { headers });
  const run = { user_id: USER, distance: 5, duration: 60, timestamp: '2026-03-14T07:30:00Z' };
  for (const body of [
    JSON.stringify(run),
    `{"token": ${access}}`,
    access,
    JSON.stringify({ ...run, distance: access }),
    JSON.stringify({ ...run, user_id: access, timestamp: access }),
    JSON.stringify([{ ...run, duration: access }, access]),
  ])
    await send(post, json(body, { ...bearer, traceparent: access, tracestate: access, baggage: `token=${access}` }));
  await send(post, json('{}', { ...bearer, 'content-type': access }));
  await send(post, json('{}', { ...bearer, 'content-encoding': access }));
  await send(post, json(JSON.stringify(run), { ...bearer, 'idempotency-key': `${access} ` }));
  for (const url of [platform.storage + path, `${platform.analyzer}/${name}`, `${platform.analyzer}/stats`, token])
    await send(`${url}?access_token=${access}&limit=1`, { headers: bearer });
  await send(`${platform.storage}${path}?user_id=${access}&cursor=${access}&start_timestamp=${access}`, {
    headers: bearer,
  });
  for (const { key, headers: kept, value } of await ground.read('running'))
    records.push(`${key?.toString()} ${JSON.stringify(value)} ${Object.entries(kept).flat().map(String).join(' ')}`);
  await ground.publishRaw('running', [{ partition: 0, key: null, value: Buffer.from([0, 0, 0, 0, 0, 1]) }]);
  await waitUntil(
    async () => (await send(`${platform.storage}/dead-letters`, { headers: bearer })).text,
    (text) => text.includes('"code"'),
  );
  await waitUntil(
    async () => (await send(`${platform.storage}${path}`, { headers: bearer })).text,
    (text) => text.includes(USER),
  );
}

/** The secrets that a text or some bytes hold, by the beginnings of their names. */
const shownIn = (held: string | Buffer) =>
  [...secrets].filter((secret) => held.includes(secret)).map((secret) => secret.slice(0, 'canary-password'.length));

/** Each as text and as what stands in a hexadecimal dump of it. */
async function tables(): Promise<Map<string, string>> {
  const names = (await selectRows<Record<string, string>>(db, 'SHOW TABLES')).flatMap((row) => Object.values(row));
  const read = names.map(async (name) => {
    const rows = await selectRows<Record<string, unknown>>(db, `SELECT * FROM \`${name}\``);
    const cells = rows.flatMap((row) => Object.values(row));
    return [
      name,
      cells.map((cell) => (Buffer.isBuffer(cell) ? cell.toString('latin1') : JSON.stringify(cell))).join('\n'),
    ] as const;
  });
  return new Map(await Promise.all(read));
}

async function filesBelow(dir: string): Promise<Buffer[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
}

describe('no secret shows', () => {
  it('in a refusal, also of the request that held it', () => {
    const repeating = refusals.filter((text) => shownIn(text).length > 0);

    expect(refusals.length).toBeGreaterThan(40);
    expect(repeating).toEqual([]);
  });

  it.each(serviceNames)('in the log of the %s, at the most talkative', (service) => {
    const lines = platform.linesOf(service).map((line) => JSON.stringify(line));

    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => shownIn(line).length > 0)).toEqual([]);
  });

  it.each(serviceNames)('in what the %s says of itself', async (service) => {
    const paths = ['/metrics', '/readyz', '/healthz', '/openapi.json'];

    const all = await Promise.all(paths.map((path) => send(platform[service] + path, { headers: bearer })));

    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(all.map(({ text }) => shownIn(text))).toEqual([[], [], [], []]);
  });

  it('in a record of Kafka, its key and its headers, nor in a dead letter', async () => {
    const letters = await send(`${platform.storage}/dead-letters`, { headers: bearer });
    const [found] = z.array(z.looseObject({ id: z.string() })).parse(JSON.parse(letters.text));

    const letter = await send(`${platform.storage}/dead-letters/${found?.id}`, { headers: bearer });
    const rows = await send(platform.storage + ground.stream().path, { headers: bearer });

    expect(records.length).toBeGreaterThan(0);
    expect(records.join()).toContain('00-');
    expect(letter.status).toBe(200);
    expect(shownIn(records.join() + letters.text + letter.text + rows.text)).toEqual([]);
  });

  it('in a table of the database: those of auth hold hashes and what is sealed', async () => {
    const found = await tables();

    expect([...found.keys()]).toEqual(expect.arrayContaining(['auth_accounts', 'auth_keys', 'auth_refresh_tokens']));
    expect([...found].filter(([, text]) => shownIn(text).length > 0).map(([name]) => name)).toEqual([]);
    expect(found.get('auth_keys')).not.toContain('PRIVATE');
    expect(found.get('auth_accounts')).toContain('$argon2id$');
  });

  it('in an export, a backup, or a file of the data folder', async () => {
    const { name } = ground.stream();
    const texts = await Promise.all(
      ['csv', 'ndjson', 'parquet'].map((as) => send(`${platform.analyzer}/export/${name}.${as}`, { headers: bearer })),
    );

    const files = await filesBelow(ground.dataDir);

    expect(texts.map(({ status, text }) => [status, shownIn(text)])).toEqual([
      [200, []],
      [200, []],
      [200, []],
    ]);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap(shownIn)).toEqual([]);
  });
});
