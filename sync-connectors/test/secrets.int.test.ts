import { randomBytes } from 'node:crypto';
import { selectRows } from '@millrace/core/database/run-sql';
import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBlackbaud } from '../simulators/blackbaud/start-blackbaud.ts';
import { FIRST_REFRESH_TOKEN } from '../simulators/blackbaud/tokens.ts';
import { type Answer, type FeedServer, feedOf, sendWhole, startFeedServer } from './feed-server.ts';
import { type ListingsBed, openListingsBed } from './listings-bed.ts';
import { type Run, sync } from './test-bed.ts';

/** Secrets that nothing else looks like. */
const canary = (name: string) => `canary-${name}-${randomBytes(8).toString('hex')}`;
const KEY = canary('url-key');
const PASSWORD = canary('url-password');
const CLIENT_SECRET = canary('client');
const OLD_CLIENT_SECRET = canary('old-client');
const SUBSCRIPTION_KEY = canary('subscription');
const SECRETS_KEY = canary('secrets-key');
const RELAY_PASSWORD = canary('relay');
const secrets = [KEY, PASSWORD, CLIENT_SECRET, OLD_CLIENT_SECRET, SUBSCRIPTION_KEY, SECRETS_KEY, RELAY_PASSWORD]
  .concat(FIRST_REFRESH_TOKEN)
  .flatMap((secret) => [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
  .concat(Buffer.from(`ann:${PASSWORD}`).toString('base64'));
/** As the simulator issues access tokens and refresh tokens. */
const TOKEN = /\b[ar]t\.f\w+\.\d+\.\d+[\w.-]*/g;

let bed: ListingsBed;
let feed: FeedServer;
let blackbaud: Awaited<ReturnType<typeof startBlackbaud>>;
let service: RunningService;
const runs: Run[] = [];
/** All that people may have got to see. */
const shown: string[] = [];

const shownIn = (text: string): string[] => [
  ...secrets.filter((secret) => text.includes(secret)),
  ...(text.match(TOKEN) ?? []),
];

beforeAll(async () => {
  bed = await openListingsBed(inject('stack'), { centro: 5, norte: 5 });
  feed = await startFeedServer();
  blackbaud = await startBlackbaud({
    port: 0,
    customers: 20,
    settings: {
      client_secrets: [CLIENT_SECRET],
      subscription_keys: [SUBSCRIPTION_KEY],
      slow_ms: 50,
      timeout_ms: 1_500,
    },
  });
  const { host } = new URL(feed.url);
  service = await bed.startSync(
    {
      LISTING_PROVIDERS: `abierta=http://${host}/plans.xml?key=${KEY},cerrada=http://ann:${PASSWORD}@${host}/closed.xml`,
      SYNC_SCHEDULE: 'listings=off; blackbaud=off',
      ...{ BLACKBAUD_API_URL: blackbaud.url, BLACKBAUD_TOKEN_URL: `${blackbaud.url}/token`, BLACKBAUD_PROFILE: 'seed' },
      ...{ BLACKBAUD_CLIENT_ID: 'simulator-client', BLACKBAUD_CLIENT_SECRET: OLD_CLIENT_SECRET },
      ...{ BLACKBAUD_CLIENT_SECRET_2: CLIENT_SECRET, BLACKBAUD_SUBSCRIPTION_KEY: SUBSCRIPTION_KEY },
      ...{ BLACKBAUD_REFRESH_TOKEN: FIRST_REFRESH_TOKEN, BLACKBAUD_CALLS_PER_SECOND: '1000' },
      ...{ SECRETS_KEY, RELAY_PASSWORD, LOG_LEVEL: 'trace' },
      ...{ SYNC_CALL_TIMEOUT_SECONDS: '1', LISTING_STALL_SECONDS: '1', SYNC_BREAKER_SECONDS: '1' },
    },
    'sync-with-short-times',
  );
});
afterAll(async () => {
  await bed?.close();
  await feed?.close();
  await blackbaud?.close();
});

/** Starts a run, and looks at all that is said of it. */
async function lookAtRun(path: string, body: object = {}): Promise<Run> {
  const run = await sync(service.url, path, body);
  runs.push(run);
  const { body: rejections } = await ask(`${service.url}/sync/runs/${run.run_id}/rejections?limit=1000`);
  shown.push(JSON.stringify([run, rejections]));
  return run;
}

async function lookAtCheck(connector: string): Promise<unknown> {
  const { body } = await ask(`${service.url}/sync/connectors/${connector}/check`, 'POST');
  shown.push(JSON.stringify(body));
  return body;
}

/** A provider that says again what it was asked with. */
const echo =
  (how: (said: string) => Answer): Answer =>
  (req, res) =>
    how(`${req.url} ${req.headers.authorization ?? ''}`)(req, res);

const answers: readonly (readonly [string, Answer])[] = [
  ['a feed', sendWhole(feedOf([1, 2]))],
  ['a page of HTML', echo((said) => sendWhole(`<html><body>${said}</body></html>`))],
  ['an element of that name', sendWhole(`<${KEY}/>`)],
  ['broken XML', echo((said) => sendWhole(`<planList><output ${said}`))],
  [
    'an encoding of that name',
    echo((said) => sendWhole(`<?xml version="1.0" encoding="${said.slice(-36)}"?><planList/>`)),
  ],
  ['a status line', echo((said) => (_req, res) => res.writeHead(500, said.replace(/[^\w ]/g, '-')).end(said))],
  ['a refusal', echo((said) => (_req, res) => res.writeHead(403).end(said))],
  [
    'a redirect to nowhere',
    echo((said) => (_req, res) => res.writeHead(302, { location: `http://127.0.0.1:1/${said}` }).end()),
  ],
  [
    'a redirect with a password',
    (_req, res) => res.writeHead(302, { location: `http://ann:${PASSWORD}@127.0.0.1:1/` }).end(),
  ],
  [
    'a redirect to what is no address',
    echo((said) => (_req, res) => res.writeHead(302, { location: `http://[${said}` }).end()),
  ],
  ['a broken line', (req) => req.socket.destroy()],
  [
    'a plan that nobody can name',
    echo((said) => sendWhole(feedOf([1]).replace('base_plan_id="1"', `other="${said}"`))),
  ],
];

async function steer(path: string, body: object): Promise<void> {
  const { status } = await ask(`${blackbaud.url}/control/${path}`, 'POST', body);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
}

const none = { rate: 0 };
const all = (kind: string) => ({ rate: 1, kinds: [kind] });
const refusals: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ['that answers', {}, none],
  ['that refuses every token', {}, all('401')],
  ['that fails', {}, all('500')],
  ['that breaks every line', {}, all('reset')],
  ['that does not answer', {}, all('timeout')],
  ['that asks for patience', {}, all('429')],
  ['that fails in every way now and then', {}, { rate: 0.4, seed: 3 }],
  ['that gives no permission', { forbidden: ['ticketed-events'] }, none],
  ['that does not know the subscription key', { subscription_keys: ['another'] }, none],
  ['that does not know the application', { client_secrets: ['another'] }, all('401')],
];

describe('no secret of the service shows', () => {
  it.each(answers)('in what is said of a provider that answers %s', async (_name, answer) => {
    feed.answer(answer);
    const before = shown.length;

    await lookAtRun('/sync/listings');
    await lookAtCheck('listings');

    expect(shown.slice(before).flatMap(shownIn)).toEqual([]);
  });

  it('and yet a provider gets its key, its user and its password', () => {
    const basic = `Basic ${Buffer.from(`ann:${PASSWORD}`).toString('base64')}`;

    expect(runs[0]).toMatchObject({ state: 'succeeded', entities: [{ read: 4 }] });
    expect(feed.asked.some(({ url }) => url === `/plans.xml?key=${KEY}`)).toBe(true);
    expect(feed.asked.filter(({ url }) => url === '/closed.xml').map(({ headers }) => headers.authorization)).toContain(
      basic,
    );
  });

  it.each(refusals)('in what is said of Blackbaud %s', async (_name, settings, faults) => {
    const before = shown.length;
    await steer('settings', { forbidden: [], subscription_keys: [SUBSCRIPTION_KEY], ...settings });
    await steer('faults', faults);

    await lookAtRun('/sync/blackbaud', { entities: ['ticketed-events'], full: true });
    await steer('faults', none);
    await lookAtCheck('blackbaud');

    expect(shown.slice(before).flatMap(shownIn)).toEqual([]);
  });

  it('in what is said of a login that has ended', async () => {
    const before = shown.length;
    await steer('settings', { subscription_keys: [SUBSCRIPTION_KEY], client_secrets: [CLIENT_SECRET] });
    await steer('revoke', {});

    const run = await lookAtRun('/sync/blackbaud', { entities: ['ticketed-events'] });

    expect(run.entities[0]?.message).toContain('needs_login');
    expect(shown.slice(before).flatMap(shownIn)).toEqual([]);
  });

  it.each(['/', '/metrics', '/openapi.json', '/readyz', '/healthz', '/sync/connectors', '/sync/runs?limit=1000'])(
    'in the answer of %s',
    async (path) => {
      const response = await fetch(service.url + path);

      expect(response.status).toBe(200);
      expect(shownIn(`${await response.text()} ${JSON.stringify([...response.headers])}`)).toEqual([]);
    },
  );

  it('in the log, at its most talkative, though what was hidden is marked', () => {
    const lines = service.lines.map((line) => JSON.stringify(line));

    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => shownIn(line).length > 0)).toEqual([]);
    expect(lines.join() + shown.join()).toContain('[hidden]');
  });

  it('in the database, where tokens are sealed, or in a stream', async () => {
    const tables = (await selectRows<Record<string, string>>(bed.db, 'SHOW TABLES')).flatMap((row) =>
      Object.values(row),
    );
    const leaking: string[] = [];
    for (const table of tables) {
      const rows = await selectRows<Record<string, unknown>>(bed.db, `SELECT * FROM \`${table}\``);
      const cells = rows
        .flatMap((row) => Object.values(row))
        .map((cell) => (Buffer.isBuffer(cell) ? cell.toString('latin1') : JSON.stringify(cell)));
      if (shownIn(cells.join('\n')).length > 0) leaking.push(table);
    }

    expect(tables).toEqual(
      expect.arrayContaining(['sync_runs', 'sync_entities', 'sync_rows', 'sync_blackbaud_tokens']),
    );
    expect(leaking).toEqual([]);
    const records = await bed.read('listings/listings');
    expect(records.length).toBeGreaterThan(0);
    for (const { headers, value } of records)
      expect(
        shownIn(`${Object.entries(headers).flat().map(String).join()} ${Object.values(value).map(String).join()}`),
      ).toEqual([]);
  });

  it('in why the service does not start', async () => {
    const wrong = {
      LISTING_PROVIDERS: `abierta=http://host/?key=${KEY},Cerrada=http://ann:${PASSWORD}@host/`,
      BLACKBAUD_API_URL: `sky.example/${KEY}`,
      BLACKBAUD_TOKEN_URL: `ftp://ann:${PASSWORD}@sky.example`,
      SECRETS_KEY: `${SECRETS_KEY} with spaces`,
    };

    const words = await bed.startSync(wrong).then(
      () => 'it starts',
      (error: unknown) => String(error),
    );

    expect(Object.keys(wrong).filter((name) => !words.includes(name))).toEqual([]);
    expect(shownIn(words)).toEqual([]);
  });
});
