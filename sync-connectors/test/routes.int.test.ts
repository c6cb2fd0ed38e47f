import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { forgetOnce } from '../frame/run/forget-runs.ts';
import { openTestBed, sync, type TestBed } from './test-bed.ts';

let bed: TestBed;
let service: RunningService;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'));
  service = await bed.startSync({ SYNC_SCHEDULE: 'vendor:full=0 3 * * 0', SYNC_TIMEZONE: 'Europe/Vienna' });
});
afterAll(() => bed?.close());

const post = (path: string, body?: unknown) => ask(service.url + path, 'POST', body);
const pointers = ({ body }: { readonly body: unknown }): string[] =>
  JSON.parse(JSON.stringify(body)).errors.map(({ pointer }: { readonly pointer: string }) => pointer);

it('says which connectors there are, and what each has', async () => {
  const connectors = await ask(`${service.url}/sync/connectors`);

  expect((await ask(`${service.url}/`)).body).toEqual({ status: 'ok', connectors: ['vendor'] });
  expect(connectors.body).toEqual([
    {
      name: 'vendor',
      paused: false,
      run_id: null,
      entities: [
        { name: 'customers', stream: bed.stream('customers').name, has_ranges: false, cursor: null },
        { name: 'passes', stream: bed.stream('passes').name, has_ranges: true, cursor: null },
      ],
      schedules: [{ cron: '0 3 * * 0', full: true, next_tick: expect.stringMatching(/T0[12]:00:00.000Z$/) }],
      budget: { per_second: null, per_day: null, left_today: null },
      vendor: 'called',
      last_day: null,
    },
  ]);
});

it('names every fault of a request at once', async () => {
  const faults = await Promise.all([
    post('/sync/customer', {}),
    post('/sync/events', { start_date: '2026-02-30', end: 1 }),
    post('/sync/events', { start_date: '2026-03-02', end_date: '2026-03-02' }),
    post('/sync/vendor', { entities: ['customers', 'nothing', 'none'] }),
    post('/sync/backfill', {
      connector: 'vendor',
      entity: 'customers',
      start_date: '2026-03-01',
      end_date: '2026-03-02',
    }),
    post('/sync/all', { full: 'yes' }),
  ]);

  expect(faults.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
  expect(faults.map(pointers)).toEqual([
    ['/customer_id'],
    expect.arrayContaining(['/start_date', '/end_date', '/end']),
    ['/end_date'],
    ['/entities/1', '/entities/2'],
    ['/entity'],
    ['/full'],
  ]);
  const query = await ask(`${service.url}/sync/runs?state=odd&limit=0&page=2&cursor=x`);
  expect(pointers(query).sort()).toEqual(['/query/cursor', '/query/limit', '/query/page', '/query/state']);
});

it('answers 404 for a connector, an entity or a run that there is not', async () => {
  const nobody = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a93';
  const answers = await Promise.all([
    post('/sync/nobody'),
    post('/sync/backfill', { connector: 'nobody', entity: 'x', start_date: '2026-03-01', end_date: '2026-03-02' }),
    post('/sync/connectors/nobody/check'),
    post('/sync/connectors/nobody/pause'),
    ask(`${service.url}/sync/connectors/vendor/nothing/cursor`, 'DELETE'),
    ask(`${service.url}/sync/runs/${nobody}`),
    ask(`${service.url}/sync/runs/x`),
    ask(`${service.url}/sync/runs/${nobody}/rejections`),
    post(`/sync/runs/${nobody}/cancel`),
    post(`/sync/runs/${nobody}/release`),
  ]);

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
});

it('moves a cursor only while the connector is paused, when no run begins', async () => {
  for (let n = 0; n < 3; n += 1) bed.vendor.put(`p${n}`, { date: '2026-03-01' }, 'passes');
  const cursor = `${service.url}/sync/connectors/vendor/passes/cursor`;
  const passes = { entities: ['passes'] };
  await sync(service.url, '/sync/vendor', passes);

  const early = await ask(cursor, 'PUT', { cursor: 2 });
  const paused = await post('/sync/connectors/vendor/pause');
  const whilePaused = await post('/sync/vendor', passes);
  const all = await post('/sync/all');
  const put = await ask(cursor, 'PUT', { cursor: 2 });
  const resumed = await post('/sync/connectors/vendor/resume');
  const after = await sync(service.url, '/sync/vendor', passes);
  await post('/sync/connectors/vendor/pause');
  const removed = await ask(cursor, 'DELETE');
  await post('/sync/connectors/vendor/resume');
  const whole = await sync(service.url, '/sync/vendor', passes);

  expect([early, whilePaused, all].map(({ status, body }) => [status, body])).toEqual(
    [1, 2, 3].map(() => [409, expect.objectContaining({ code: 'wrong-state' })]),
  );
  expect(paused.body).toEqual({ name: 'vendor', paused: true });
  expect(put.body).toEqual({ connector: 'vendor', entity: 'passes', cursor: 2 });
  expect(resumed.body).toEqual({ name: 'vendor', paused: false });
  expect(after.entities[0]?.read).toBe(1);
  expect(removed.status).toBe(204);
  expect(whole.entities[0]?.read).toBe(3);
});

it('lists runs, the newest first, in pages', async () => {
  const made = [];
  for (let n = 0; n < 3; n += 1) made.unshift((await sync(service.url)).run_id);
  const first = await ask(`${service.url}/sync/runs?connector=vendor&limit=2`);
  const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await ask(service.url + next);
  const ids = [first.body, second.body].flat().map((run) => JSON.parse(JSON.stringify(run)).run_id);

  expect(ids.slice(0, 3)).toEqual(made);
  expect((await ask(`${service.url}/sync/runs?connector=other`)).body).toEqual([]);
  expect((await ask(`${service.url}/sync/runs?state=running`)).body).toEqual([]);
});

it('forgets runs that ended long ago, and what they skipped', async () => {
  const { run_id: old } = await sync(service.url);
  const { run_id: kept } = await sync(service.url);
  await bed.db.raw('UPDATE sync_runs SET finished_at = finished_at - INTERVAL 91 DAY WHERE run_id = ?', [old]);
  await forgetOnce(bed.db, 90);

  expect((await ask(`${service.url}/sync/runs/${old}`)).status).toBe(404);
  expect((await ask(`${service.url}/sync/runs/${kept}`)).status).toBe(200);
});

it('is ready once its dependencies answer, and tries a vendor without changing anything', async () => {
  const ready = await ask(`${service.url}/readyz`);
  const before = await ask(`${service.url}/sync/runs`);
  const check = await post('/sync/connectors/vendor/check');

  expect(JSON.stringify(ready.body)).toContain('"database","ok":true');
  expect(JSON.stringify(ready.body)).toContain('"kafka","ok":true');
  expect(check.body).toMatchObject({ ok: true, detail: expect.stringContaining('answered 200') });
  expect((await ask(`${service.url}/sync/runs`)).body).toEqual(before.body);
});
