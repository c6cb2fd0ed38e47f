import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ended, newest, openTestBed, sync, type TestBed } from './test-bed.ts';

let bed: TestBed;
let service: RunningService;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'));
  service = await bed.startSync();
});
afterAll(() => bed?.close());
beforeEach(async () => {
  bed.vendor.clear();
  for (const table of ['sync_rows', 'sync_entities']) await bed.db.raw('DELETE FROM ??', [table]);
});

const full = { entities: ['passes'], full: true };
const entityOf = async (path?: string, body?: unknown) => (await sync(service.url, path, body)).entities[0];
const staleIn = async (id: string) => (await newest(bed)).get(id);

describe('a row that the vendor no longer has', () => {
  it('becomes stale when two complete reads in a row lack it, once, and fresh when it is back', async () => {
    bed.vendor.fill(60);
    await sync(service.url);
    bed.vendor.remove('id-00009');

    const first = await entityOf();
    const afterFirst = await staleIn('id-00009');
    const second = await entityOf();
    const marked = await staleIn('id-00009');
    const third = await entityOf();
    bed.vendor.put('id-00009');
    const fourth = await entityOf();
    const back = await staleIn('id-00009');

    expect(first).toMatchObject({ complete: true, stale: 0 });
    expect(afterFirst?.stale_since).toBeNull();
    expect(second).toMatchObject({ stale: 1 });
    expect(marked).toMatchObject({ name: 'name of id-00009', stale_reason: 'absent' });
    expect(marked?.stale_since).not.toBeNull();
    expect(third).toMatchObject({ stale: 0, emitted: 0 });
    expect(fourth).toMatchObject({ returned: 1, emitted: 1 });
    expect(back).toMatchObject({ stale_since: null, stale_reason: null });
  });

  it('is not missed by a read that broke off, that lacks what the vendor counts, or that is empty', async () => {
    bed.vendor.fill(120);
    await sync(service.url);
    for (let n = 0; n < 3; n += 1) bed.vendor.remove(`id-0011${n}`);

    for (const behaviour of [{ failFrom: 1 }, { total: 120 }]) {
      bed.vendor.behave(behaviour);
      for (let n = 0; n < 3; n += 1)
        expect(await entityOf()).toMatchObject({ state: 'partial', complete: false, stale: 0 });
    }
    const rows = bed.vendor.rows();
    bed.vendor.clear();
    for (let n = 0; n < 3; n += 1)
      expect(await entityOf()).toMatchObject({
        state: 'partial',
        complete: false,
        stale: 0,
        message: expect.stringContaining('ALLOW_EMPTY'),
      });
    for (const { id, name } of rows) bed.vendor.put(id, { name });
    const whole = await entityOf();

    expect(whole).toMatchObject({ state: 'succeeded', stale: 0 });
  });

  it('counts as seen where it was skipped', async () => {
    bed.vendor.fill(20);
    await sync(service.url);
    bed.vendor.behave({ broken: new Set(['id-00001']) });
    bed.vendor.put('id-00002', { name: 'unreadable' });

    for (let n = 0; n < 3; n += 1) expect(await entityOf()).toMatchObject({ rejected: 2, stale: 0 });
  });

  it('is not missed by an incremental read', async () => {
    bed.vendor.fill(20, 'passes');
    await sync(service.url, '/sync/vendor', full);
    bed.vendor.remove('id-00003', 'passes');

    for (let n = 0; n < 3; n += 1)
      expect(await entityOf('/sync/vendor', { entities: ['passes'] })).toMatchObject({ complete: true, stale: 0 });
    await sync(service.url, '/sync/vendor', full);
    expect(await entityOf('/sync/vendor', full)).toMatchObject({ stale: 1 });
  });

  it('is missed by a read of dates only where its date lies between them', async () => {
    for (const [id, date] of Object.entries({ a: '2026-03-01', b: '2026-03-02', c: '2026-04-02' }))
      bed.vendor.put(id, { date }, 'passes');
    await sync(service.url, '/sync/vendor', full);
    bed.vendor.remove('a', 'passes');
    bed.vendor.remove('c', 'passes');
    const range = { start_date: '2026-03-01', end_date: '2026-04-01' };

    await sync(service.url, '/sync/events', range);
    expect(await entityOf('/sync/events', range)).toMatchObject({ stale: 1 });
    const rows = await newest(bed, 'passes', 'pass_id');
    expect(['a', 'b', 'c'].map((id) => rows.get(id)?.stale_reason)).toEqual(['absent', null, null]);
  });
});

describe('more than the cap', () => {
  it('is held, marks nothing, and is marked once it is released', async () => {
    bed.vendor.fill(40);
    await sync(service.url);
    for (let n = 0; n < 6; n += 1) bed.vendor.remove(`id-0001${n}`);
    await sync(service.url);
    const held = await sync(service.url);
    const inVain = await ask(`${service.url}/sync/runs/${held.run_id}/cancel`, 'POST');
    const before = await staleIn('id-00010');
    bed.vendor.put('id-00015');
    await sync(service.url, '/sync/customer', { customer_id: 'id-00015' });
    const answer = await ask(`${service.url}/sync/runs/${held.run_id}/release`, 'POST');
    const released = await ended(service.url, held.run_id);
    const after = await newest(bed);

    expect(held).toMatchObject({ state: 'held', entities: [{ state: 'held', stale: 0, complete: true }] });
    expect(held.entities[0]?.message).toContain('held: 6 of 40 rows would become stale, more than the 5');
    expect(inVain.status).toBe(409);
    expect(before?.stale_since).toBeNull();
    expect(answer.status).toBe(202);
    expect(released).toMatchObject({ state: 'succeeded', entities: [{ stale: 5 }] });
    expect([...after.values()].filter(({ stale_since: since }) => since !== null)).toHaveLength(5);
    expect((await ask(`${service.url}/sync/runs/${held.run_id}/release`, 'POST')).status).toBe(409);
  });

  it('does not count what has ended', async () => {
    bed.vendor.fill(10);
    for (let n = 0; n < 8; n += 1) bed.vendor.put(`over-${n}`, { name: 'over' });
    await sync(service.url);
    for (let n = 0; n < 8; n += 1) bed.vendor.remove(`over-${n}`);
    await sync(service.url);

    expect(await entityOf()).toMatchObject({ state: 'succeeded', stale: 8 });
    expect(await staleIn('over-1')).toMatchObject({ stale_reason: 'ended' });
  });
});

describe('other credentials or filters', () => {
  it('make a read say nothing of what is gone, and what was missed before count no more', async () => {
    bed.vendor.fill(20);
    await sync(service.url);
    bed.vendor.remove('id-00001');
    await sync(service.url);
    await service.stop();
    service = await bed.startSync({ VENDOR_FINGERPRINT: 'another' });

    const first = await entityOf();
    const second = await entityOf();
    const third = await entityOf();

    expect(first).toMatchObject({
      stale: 0,
      complete: true,
      message: expect.stringContaining('not those of the read'),
    });
    expect(second).toMatchObject({ stale: 0, message: null });
    expect(third).toMatchObject({ stale: 1 });
  });
});

describe('an answer that may be empty', () => {
  it('is complete where ALLOW_EMPTY says so', async () => {
    bed.vendor.fill(3);
    await service.stop();
    service = await bed.startSync({ ALLOW_EMPTY: 'other, vendor/customers', STALE_AFTER: '1' });
    await sync(service.url);
    bed.vendor.clear();

    expect(await entityOf()).toMatchObject({ state: 'succeeded', complete: true, stale: 3 });
  });
});
