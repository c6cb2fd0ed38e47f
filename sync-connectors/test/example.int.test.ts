import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from '@millrace/core/config/root-dir';
import { ask } from '@millrace/testing/ask';
import { createTestDatabase } from '@millrace/testing/test-names';
import { openWorld, type World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { newest, sync } from './test-bed.ts';

const exec = promisify(execFile);
const folder = join(rootDir, 'sync-connectors/example-of-the-page');

const schema = {
  ...{ type: 'record', name: 'Visitor', namespace: 'test.sync' },
  stream: { store: 'upsert', key: 'visitor_id' },
  fields: [
    { name: 'visitor_id', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'stale_since', type: ['null', { type: 'long', logicalType: 'timestamp-millis' }], default: null },
    { name: 'stale_reason', type: ['null', 'string'], default: null },
  ],
};

/** The service's own program, with the page's connector as its only one. */
const MAIN = `
import { openDatabase } from '@millrace/core/database/open-database';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { openSync } from '../open-sync.ts';
import { service } from '../service.ts';
import { exampleConnector, exampleSettings } from './example-connector.ts';

const declared = { ...service, settings: service.settings.extend(exampleSettings.shape) };
await runService(declared, async ({ use, untilUp, config, settings, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf(service, streams, config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const db = await use(openDatabase(config.databaseUrl));
  const connectors = [exampleConnector(settings)].flatMap((each) => each ?? []);
  const sync = await openSync({ use, untilUp, config, settings, log, metrics, db, streams, connectors });
  await use(http.serve(sync.routes));
});
`;

const PAGE = 2;
const names = new Map([1, 2, 3, 4, 5].map((n) => [`v${n}`, `visitor ${n}`]));

const vendor = createServer((req, res) => {
  const { searchParams } = new URL(req.url ?? '/', 'http://vendor');
  const [after, id] = [Number(searchParams.get('after') ?? 0), searchParams.get('id')];
  const all = [...names].filter(([each]) => id === null || each === id).map(([each, name]) => ({ id: each, name }));
  const next = after + PAGE < all.length ? `/visitors?after=${after + PAGE}` : null;
  const isAllowed = req.headers['x-api-key'] === 'the key';
  const body = { visitors: all.slice(after, after + PAGE), total: all.length, next };
  res.writeHead(isAllowed ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

describe('the connector that docs/connectors.md shows', () => {
  let world: World;
  let database: { readonly url: string; close(): Promise<void> };
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const text = await readFile(join(rootDir, 'docs/connectors.md'), 'utf8');
    const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'example-connector.ts'), code);
    await writeFile(join(folder, 'main.ts'), MAIN);
    await writeFile(join(folder, 'tsconfig.json'), '{ "extends": "../../tsconfig.json", "include": ["*.ts"] }');
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    const address = vendor.address();
    database = await createTestDatabase(inject('stack').databaseUrl);
    world = await openWorld({ ...inject('stack'), databaseUrl: database.url }, { schemas: { visitors: schema } });
    env = {
      EXAMPLE_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
      EXAMPLE_KEY: 'the key',
      EXAMPLE_STREAM: world.stream('visitors').name,
    };
  });

  afterAll(async () => {
    await world?.close();
    await database?.close();
    vendor.closeAllConnections();
    await new Promise((resolve) => vendor.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it('compiles', async () => {
    await exec(join(rootDir, 'node_modules/.bin/tsc'), ['-p', folder, '--incremental', 'false'], { cwd: rootDir });
  });

  it('reads its vendor, writes what changes, and says what is gone', async () => {
    const service = await world.start('sync-connectors', { program: 'example-of-the-page/main', env });
    const check = await ask(`${service.url}/sync/connectors/example/check`, 'POST');
    const first = await sync(service.url, '/sync/example', {});
    names.set('v1', 'somebody else');
    names.delete('v5');
    const second = await sync(service.url, '/sync/example', {});
    const third = await sync(service.url, '/sync/example', {});
    const rows = await newest(world, 'visitors', 'visitor_id');

    expect(check.body).toEqual({ ok: true, detail: 'answers' });
    expect(first).toMatchObject({ state: 'succeeded', entities: [{ read: 5, emitted: 5, complete: true }] });
    expect(second).toMatchObject({ entities: [{ read: 4, emitted: 1, unchanged: 3, stale: 0 }] });
    expect(third).toMatchObject({ entities: [{ read: 4, emitted: 0, stale: 1 }] });
    expect(rows.get('v1')).toMatchObject({ name: 'somebody else', stale_since: null });
    expect(rows.get('v5')).toMatchObject({ name: 'visitor 5', stale_reason: 'absent' });
    // As another replica it might take the next run.
    await service.stop();
  });

  it('says which setting is wrong', async () => {
    const service = await world.start('sync-connectors', {
      program: 'example-of-the-page/main',
      env: { ...env, EXAMPLE_KEY: 'another' },
    });

    const run = await sync(service.url, '/sync/example', {});

    expect(run).toMatchObject({
      state: 'failed',
      entities: [{ message: 'config: the vendor does not take EXAMPLE_KEY' }],
    });
  });
});
