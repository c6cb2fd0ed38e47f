import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { idOf, newest, openTestBed, runOf, sync, type TestBed } from './test-bed.ts';

let bed: TestBed;
let service: RunningService;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'));
  service = await bed.startSync();
});
afterAll(() => bed?.close());
beforeEach(async () => {
  bed.vendor.clear();
  for (const table of ['sync_rows', 'sync_entities', 'sync_rejections']) await bed.db.raw('DELETE FROM ??', [table]);
});

const records = async (file = 'customers') => (await bed.read(file)).length;
const only = (run: Awaited<ReturnType<typeof sync>>) => run.entities[0];

describe('what a run writes', () => {
  it('is what is new and what has changed, and nothing of what is as it was', async () => {
    bed.vendor.fill(120);
    const first = await sync(service.url);
    const written = await records();
    bed.vendor.put('id-00007', { name: 'changed' });
    bed.vendor.put('new', { name: 'new' });
    const second = await sync(service.url);
    const third = await sync(service.url);

    expect(first).toMatchObject({ trigger: 'manual', state: 'succeeded' });
    expect(only(first)).toMatchObject({ complete: true, read: 120, emitted: 120, unchanged: 0 });
    expect(only(second)).toMatchObject({ read: 121, emitted: 2, unchanged: 119 });
    expect(only(third)).toMatchObject({ read: 121, emitted: 0, unchanged: 121, progress: { done: 121, total: 121 } });
    expect((await records()) - written).toBe(2);
    expect((await newest(bed)).get('id-00007')).toMatchObject({
      name: 'changed',
      source: 'vendor/customers',
      stale_since: null,
    });
  });

  it('is an event of its own when a row comes back to what it was', async () => {
    for (const name of ['a', 'b', 'a']) {
      bed.vendor.put('again', { name });
      await sync(service.url);
    }
    const events = (await bed.read('customers')).filter(({ value }) => value.customer_id === 'again');

    expect(events.map(({ value }) => value.name)).toEqual(['a', 'b', 'a']);
    expect(new Set(events.map(({ value }) => value.event_id)).size).toBe(3);
  });

  it('leaves out what does not fit, with its place, pointer and reason, and knows that it is there', async () => {
    bed.vendor.fill(60);
    bed.vendor.put('id-00003', { name: 'unreadable' });
    bed.vendor.behave({ broken: new Set(['id-00055']) });
    const run = await sync(service.url);
    const first = await ask(`${service.url}/sync/runs/${run.run_id}/rejections?limit=1`);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await ask(service.url + next);

    expect(only(run)).toMatchObject({ state: 'succeeded', complete: true, read: 60, emitted: 58, rejected: 2 });
    expect([first.body, second.body].flat()).toEqual([
      { ...who, id: 'id-00003', at: 'page 0, row 3', pointer: '/name', reason: 'no, by [hidden]' },
      { ...who, id: 'id-00055', at: 'page 1, row 5', pointer: '/name', reason: expect.stringContaining('string') },
    ]);
    expect(second.headers.get('link')).toBeNull();
  });

  it('begins at the cursor, which a full read leaves out', async () => {
    bed.vendor.fill(70, 'passes');
    const first = await sync(service.url, '/sync/vendor', { entities: ['passes'] });
    bed.vendor.put('id-00001', { name: 'changed' }, 'passes');
    const second = await sync(service.url, '/sync/vendor', { entities: ['passes'] });
    const full = await sync(service.url, '/sync/vendor', { entities: ['passes'], full: true });

    expect(only(first)).toMatchObject({ read: 70, emitted: 70 });
    expect(only(second)).toMatchObject({ read: 1, emitted: 1, complete: true });
    expect(only(full)).toMatchObject({ read: 70, emitted: 0, unchanged: 70 });
  });
});

const who = { connector: 'vendor', entity: 'customers' };

describe('a run over one customer', () => {
  it('writes that one', async () => {
    bed.vendor.fill(3);
    const run = await sync(service.url, '/sync/customer', { customer_id: 'id-00001' });

    expect(only(run)).toMatchObject({ state: 'succeeded', read: 1, emitted: 1 });
  });

  it('says 404 once the vendor has', async () => {
    const run = await sync(service.url, '/sync/customer', { customer_id: 'nobody' });

    expect(run.state).toBe('failed');
    expect(only(run)?.message).toBe('404: the vendor has no customers nobody');
  });
});

describe('a run over dates', () => {
  it('reads what lies between them, and leaves the cursor as it was', async () => {
    for (const [id, date] of Object.entries({ a: '2026-02-28', b: '2026-03-01', c: '2026-03-31', d: '2026-04-01' }))
      bed.vendor.put(id, { date }, 'passes');
    await sync(service.url, '/sync/vendor', { entities: ['passes'] });
    const cursor = await cursorOf();
    bed.vendor.put('b', { date: '2026-03-01', name: 'changed' }, 'passes');
    const range = { start_date: '2026-03-01', end_date: '2026-04-01' };
    const backfill = await sync(service.url, '/sync/backfill', { connector: 'vendor', entity: 'passes', ...range });
    const events = await sync(service.url, '/sync/events', range);

    expect(backfill.trigger).toBe('backfill');
    expect(only(backfill)).toMatchObject({ entity: 'passes', read: 2, emitted: 1, unchanged: 1, complete: true });
    expect(events.entities).toHaveLength(1);
    expect(only(events)).toMatchObject({ entity: 'passes', read: 2, emitted: 0 });
    expect(await cursorOf()).toEqual(cursor);
  });

  async function cursorOf(): Promise<number> {
    const { body } = await ask(`${service.url}/sync/connectors`);
    return JSON.parse(JSON.stringify(body))[0].entities[1].cursor;
  }
});

it('is shown while it runs, and ends at once when it is cancelled', async () => {
  bed.vendor.fill(120);
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  bed.vendor.behave({ until });
  const started = await ask(`${service.url}/sync/vendor`, 'POST', {});
  const id = idOf(started);
  const again = await ask(`${service.url}/sync/all`, 'POST');
  const health = await ask(`${service.url}/healthz`);
  const running = await runOf(service.url, id);
  const began = Date.now();
  const cancelled = await ask(`${service.url}/sync/runs/${id}/cancel`, 'POST');
  let run = await runOf(service.url, id);
  while (run.state === 'running') run = await runOf(service.url, id);
  const took = Date.now() - began;
  release();

  expect(started.headers.get('location')).toBe(`/sync/runs/${id}`);
  expect(again).toMatchObject({ status: 409, body: { code: 'already-running', run_id: id } });
  expect(health.status).toBe(200);
  expect(running).toMatchObject({ state: 'running', finished_at: null });
  expect(cancelled.status).toBe(202);
  expect(run).toMatchObject({ state: 'cancelled', entities: [{ state: 'cancelled' }, { state: 'cancelled' }] });
  expect(took).toBeLessThan(1_000);
  expect((await ask(`${service.url}/sync/runs/${id}/cancel`, 'POST')).status).toBe(409);
});
