import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { plan, searched } from './searched-listings.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

let bed: TestBed;
let storage: RunningService;
const T0 = Date.parse('2026-05-01T12:00:00Z');

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), 'shipped');
  storage = await bed.startStorage();
});
afterAll(() => bed.close());

const found = z.object({ data: z.object({ events: z.array(z.looseObject({ id: z.string() })) }), error: z.null() });
const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${storage.url}/v1/events/search${query}`, { headers });
const events = async (query: string) => found.parse(await (await get(query)).json()).data.events;
const ids = async (query: string) => (await events(query)).map(({ id }) => id);
const publish = (...values: ReturnType<typeof searched>[]) => bed.publish('listings/listings', values, () => 0);
const until = (query: string, expected: readonly string[]) =>
  waitUntil(
    () => ids(query),
    (now) => JSON.stringify(now) === JSON.stringify(expected),
  );

describe('GET /v1/events/search', () => {
  it('answers the plans of a range in the order of start and id, whole, in its envelope', async () => {
    const late = plan({ id: '9', start: '2026-06-30T23:00:00', end: '2026-07-01T01:00:00' });
    await publish(searched('291', T0, [plan({ id: '1642' }), late, plan({ id: '10', title: null, prices: null })]));
    await until('', ['10', '1642', '9']);

    const response = await get('?starts_at=2026-06-30T21:00:00Z&ends_at=2026-06-30T22:00:00Z');

    const times = { start_date: '2026-06-30', start_time: '21:00:00', end_date: '2026-06-30', end_time: '22:00:00' };
    expect(await response.json()).toEqual({
      data: {
        events: [
          { id: '10', title: null, ...times, min_price: null, max_price: null },
          { id: '1642', title: 'Plan 1642', ...times, min_price: 15, max_price: 30.5 },
        ],
      },
      error: null,
    });
    expect(await ids('?starts_at=2026-06-30T21:00:01')).toEqual(['9']);
    expect(await ids('?ends_at=2026-06-30')).toEqual([]);
  });

  it('shows what was ever online with its latest known values, and never what was only offline', async () => {
    const only = plan({ id: 'off', online: false, start: '2025-01-01T10:00:00', end: '2025-01-01T11:00:00' });
    const first = plan({ id: 'on', start: '2025-01-01T10:00:00', end: '2025-01-01T11:00:00' });
    const range = '?starts_at=2025-01-01&ends_at=2025-01-02';
    await publish(searched('past', T0, [only, first]));
    await until(range, ['on']);

    const dearer = plan({ id: 'on', online: false, title: 'Renamed', start: null, end: null, prices: [20, 40] });
    await publish(searched('past', T0 + 1_000, [only, dearer]));
    await waitUntil(
      () => events(range),
      ([event]) => event?.title === 'Renamed',
    );
    await publish(
      searched('past', T0 + 2_000, []),
      searched('past', T0 + 500, [plan({ id: 'on', title: 'Too late' })]),
    );
    await publish(searched('end', T0, [plan({ id: 'end', start: '2025-01-01T12:00:00', end: '2025-01-01T13:00:00' })]));
    await until(range, ['on', 'end']);

    expect(await events(range)).toEqual([
      expect.objectContaining({ title: 'Renamed', start_date: '2025-01-01', start_time: '10:00:00', min_price: 20 }),
      expect.objectContaining({ id: 'end' }),
    ]);
  });

  it('finds what was online in a version that another of the same batch replaced', async () => {
    const at = { start: '2024-01-01T10:00:00', end: '2024-01-01T11:00:00' };
    await publish(
      searched('brief', T0, [plan({ id: 'brief', ...at })]),
      searched('brief', T0 + 1, [plan({ id: 'brief', online: false, title: 'Off again', ...at })]),
    );

    await until('?starts_at=2024-01-01&ends_at=2024-01-02', ['brief']);
    expect(await ids('?available=true&starts_at=2024-01-01&ends_at=2024-01-02')).toEqual([]);
  });

  it('leaves out with available=true what is withdrawn, offline, dropped or over', async () => {
    const next = { start: '2099-01-01T10:00:00', end: '2099-01-01T11:00:00' };
    const of = (id: string, online = true) => plan({ id, online, ...next });
    await publish(
      searched('a', T0, [of('stays'), of('dropped'), of('goes-offline')]),
      searched('b', T0, [of('withdrawn')]),
      searched('c', T0, [of('stays')], { provider: 'other' }),
    );
    await publish(
      searched('a', T0 + 1, [of('stays'), of('goes-offline', false)]),
      searched('b', T0 + 1, [of('withdrawn')], { staleReason: 'withdrawn' }),
    );

    await until('?starts_at=2099-01-01&available=true', ['stays', 'stays']);
    expect(await ids('?starts_at=2099-01-01')).toEqual(['dropped', 'goes-offline', 'stays', 'stays', 'withdrawn']);
    expect(await ids('?starts_at=2099-01-01&available=true&provider=other')).toEqual(['stays']);
    expect(await ids('?provider=other')).toEqual(['stays']);
    expect(await ids('?ends_at=2026-07-01&available=true')).toEqual([]);
  });

  it('pages by cursor without a gap or a repeat, also among equal starts and ids', async () => {
    const all = await ids('?limit=1000');
    const pages: string[] = [];
    for (let next: string | undefined = '?limit=2'; next !== undefined; ) {
      const response = await get(next);
      pages.push(...found.parse(await response.json()).data.events.map(({ id }) => id));
      next = /<[^?]*(\?[^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    }

    expect(all.length).toBeGreaterThan(8);
    expect(pages).toEqual(all);
  });

  it('answers 304 while nothing has changed, and a stored row at once', async () => {
    const first = await get('?starts_at=2099-01-01');
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('private, max-age=0, must-revalidate');

    expect((await get('?starts_at=2099-01-01', { 'if-none-match': `W/${etag}, "x"` })).status).toBe(304);
    await publish(searched('d', T0, [plan({ id: 'zz', start: '2099-01-01T10:00:00', end: '2099-01-02T00:00:00' })]));
    await waitUntil(
      () => get('?starts_at=2099-01-01', { 'if-none-match': etag }),
      ({ status }) => status === 200,
    );
  });

  it('forgets a listing with its tombstone', async () => {
    await bed.publishRaw('listings/listings', [{ partition: 0, key: Buffer.from('centro:d'), value: null }]);

    await until('?starts_at=2099-01-01&ends_at=2099-01-02&available=true&provider=centro', ['stays']);
  });

  it.each([
    ['?starts_at=soon&limit=0', ['starts_at', 'limit']],
    ['?starts_at=2026-07-01&ends_at=2026-06-01', ['ends_at']],
    ['?ends_at=2026-09-31', ['ends_at']],
    ['?colour=red&available=maybe&cursor=abc', ['colour', 'available', 'cursor']],
    ['?starts_at=', ['starts_at']],
  ])('refuses %s in its envelope, naming every fault', async (query, names) => {
    const response = await get(query);

    const body = z.object({ data: z.null(), error: z.object({ code: z.string(), message: z.string() }) });
    const { error } = body.parse(await response.json());
    expect(response.status).toBe(400);
    expect(error.code).toBe('invalid-parameter');
    for (const name of names) expect(error.message).toContain(name);
  });
});
