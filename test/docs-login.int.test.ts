import { type ServiceName, serviceNames, services } from '@millrace/core/services/services';
import { freePort } from '@millrace/stack/parts/free-port';
import type { World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asClient, asUser, openDocsPage } from './browser/docs-page.ts';
import { findChromium } from './browser/find-chromium.ts';
import { getJson } from './get-json.ts';
import { openGround, type Platform, startPlatform } from './start-platform.ts';

const found = await findChromium();
if ('reason' in found) process.stderr.write(`The browser lane is skipped: ${found.reason}.\n`);

const SECRET = 'a-secret-of-the-tests';
const clients = [{ client_id: 'operator', client_secret: SECRET, scopes: 'ingest read admin' }];
const users = [{ username: 'ann', password: SECRET, scopes: 'read' }];

let ground: World;
let platform: Platform;

beforeAll(async () => {
  const relay = await shippedSchema('relay/relay-messages');
  ground = await openGround({ relay: { ...relay, stream: { ...relay.stream, path: undefined } } });
  const ports = await Promise.all(services.map(async ({ portVariable }) => [portVariable, String(await freePort())]));
  const accounts = { AUTH_CLIENTS: JSON.stringify({ clients, users }) };
  platform = await startPlatform(ground, { ...Object.fromEntries(ports), ...accounts, AUTH: 'required' });
});

afterAll(async () => {
  await platform?.close();
  await ground?.close();
});

describe.skipIf('reason' in found)('the page at /docs, in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    if ('reason' in found) return;
    const quiet = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'], ...quiet });
  });

  afterAll(() => browser?.close());

  it.each(serviceNames)('logs a client in at the %s, and its requests carry the token', async (service) => {
    const page = await openDocsPage(browser, platform[service]);

    const before = await page.execute('getMetrics');
    const said = await page.authorize(asClient('operator', SECRET));
    const after = await page.execute('getMetrics');

    await page.close();
    expect([before, said, after]).toEqual(['401', 'Authorized', '200']);
  });

  it('reads rows of the storage for a user who logs in without any client, also by the name localhost', async () => {
    const page = await openDocsPage(browser, platform.storage.replace('127.0.0.1', 'localhost'));

    const before = await page.execute(await rows());
    const said = await page.authorize(asUser('ann', SECRET));
    const after = await page.execute(await rows());

    await page.close();
    expect([before, said, after]).toEqual(['401', 'Authorized', '200']);
  });

  it('says so when the secret is wrong', async () => {
    const page = await openDocsPage(browser, platform.storage);

    const said = await page.authorize(asClient('operator', 'not-the-secret'));
    const after = await page.execute(await rows());

    await page.close();
    expect(said).toMatch(/Error/);
    expect(after).toBe('401');
  });
});

const documentOf = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
});

/** The operation that lists the stream's rows. */
async function rows(): Promise<string> {
  const { paths } = documentOf.parse(await getJson(`${platform.storage}/openapi.json`));
  return paths[ground.stream().path]?.get?.operationId ?? '';
}

describe('a page of another origin', () => {
  const own = () => platform.storage;

  async function corsOf(url: string, method: string, origin: string) {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const response = await fetch(url, { method, headers });
    await response.body?.cancel();
    return [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
  }

  async function pathsOf(service: ServiceName) {
    const { paths } = documentOf.parse(await getJson(`${platform[service]}/openapi.json`));
    return [...Object.keys(paths), '/docs', '/docs/start.js', '/nothing'].map((path) =>
      path.replaceAll(/\{\w+\}/g, 'x'),
    );
  }

  it('can ask auth for a token when it is one of ours, and learns nothing else of any service', async () => {
    const asked = await Promise.all(
      serviceNames.map(async (service) =>
        (await pathsOf(service)).flatMap((path) =>
          ['GET', 'POST', 'OPTIONS'].map((method) => ({
            name: `${service} ${method} ${path}`,
            method,
            url: platform[service] + path,
          })),
        ),
      ),
    );
    const answered = await Promise.all(
      asked.flat().map(async ({ name, method, url }) => ({ name, headers: await corsOf(url, method, own()) })),
    );

    const open = answered.filter(({ headers }) => headers.length > 0).map(({ name }) => name);

    expect(open).toEqual(['auth GET /token', 'auth POST /token', 'auth OPTIONS /token']);
    expect(answered.length).toBeGreaterThan(100);
  });

  it.each(['http://evil.test', 'null', 'http://127.0.0.1:1', 'https://localhost'])(
    'at %s is not even told that of auth',
    async (origin) => {
      const names = await Promise.all(
        ['GET', 'POST', 'OPTIONS'].map((method) => corsOf(`${platform.auth}/token`, method, origin)),
      );

      expect(names).toEqual([[], [], []]);
    },
  );
});
