import { randomUUID } from 'node:crypto';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FIRST_SONG_AT, song, songSchema, songs } from './songs.ts';
import { countRows } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

type Json = Record<string, unknown>;

let bed: TestBed;
let storage: RunningService;
const COUNT = 500;
const written = songs(COUNT);

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  storage = await bed.startStorage();
  await bed.publish('song', written);
  await waitUntil(
    () => countRows(bed.db, bed.stream('song').table),
    (rows) => rows >= COUNT,
  );
});
afterAll(() => bed.close());

const get = (query: string, headers: Record<string, string> = {}) => fetch(`${storage.url}/songs${query}`, { headers });
async function rowsOf(response: Response): Promise<Json[]> {
  const body: unknown = await response.json();
  return Array.isArray(body) ? body : [];
}
const at = (n: number) => new Date(FIRST_SONG_AT + n * 1000).toISOString();
const ids = (rows: readonly Json[]) => rows.map(({ event_id }) => event_id);

/** Follows the links to the end. */
async function allPages(query: string): Promise<Json[]> {
  const rows: Json[] = [];
  for (let next: string | undefined = `/songs${query}`; next !== undefined; ) {
    const response = await fetch(`${storage.url}${next}`);
    rows.push(...(await rowsOf(response)));
    next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return rows;
}

describe('GET <path>', () => {
  it('answers rows in the order of their time, with the fields of the schema and when they were stored', async () => {
    const response = await get('?limit=1');

    const [row] = await rowsOf(response);
    const { timestamp, ingested_at, ...plain } = written[0] ?? song(0);
    expect(row).toEqual({
      ...plain,
      timestamp: '2026-03-14T07:00:00.000Z',
      ingested_at: '2026-03-14T07:00:00.250Z',
      stored_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it('takes a half-open range with any offset', async () => {
    const response = await get('?start_timestamp=2026-03-14T08:00:10%2B01:00&end_timestamp=2026-03-14T07:00:20Z');

    expect((await rowsOf(response)).map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 10 }, (_, n) => at(n + 10)),
    );
  });

  it('filters by key and dimension, and turns the order round', async () => {
    const artist = 'Artist 3';
    const rows = await allPages(`?artist=${encodeURIComponent(artist)}&order=desc&limit=20`);

    const expected = written.filter((each) => each.artist === artist).reverse();
    expect(ids(rows)).toEqual(ids(expected));
    const user = written[5]?.user_id;
    const byUser = await allPages(`?user_id=${user?.toUpperCase()}`);
    expect(ids(byUser)).toEqual(ids(written.filter((each) => each.user_id === user)));
  });

  it('pages without a gap or a repeat while rows arrive, also among equal times', async () => {
    const moment = FIRST_SONG_AT + 1_000_000_000;
    const same = Array.from({ length: 50 }, () => song(0, { timestamp: moment }));
    await bed.publish('song', same);
    await waitUntil(
      () => countRows(bed.db, bed.stream('song').table),
      (rows) => rows >= COUNT + 50,
    );
    const range = `?start_timestamp=${new Date(moment).toISOString()}&limit=7`;

    const first = await get(range);
    await bed.publish('song', [song(0, { timestamp: moment, event_id: '00000000-0000-4000-8000-000000000000' })]);
    await waitUntil(
      () => countRows(bed.db, bed.stream('song').table),
      (rows) => rows >= COUNT + 51,
    );
    const next = /<[^>]*\?([^>]*)>/.exec(first.headers.get('link') ?? '')?.[1];
    const rest = await allPages(`?${next}`);

    expect(ids([...(await rowsOf(first)), ...rest])).toEqual(ids(same).sort());
  });

  it('names every fault at once', async () => {
    const response = await get('?start_timestamp=yesterday&limit=0&order=up&user_id=nope&colour=red&cursor=abc');

    const names = ['colour', 'cursor', 'limit', 'order', 'start_timestamp', 'user_id'];
    const errors = names.map((name) => expect.objectContaining({ pointer: `/query/${name}` }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: expect.arrayContaining(errors) });
  });

  it('refuses a cursor of another list and one that was edited', async () => {
    const link = (await get('?limit=5')).headers.get('link') ?? '';
    const cursor = /cursor=([\w-]+)/.exec(link)?.[1] ?? '';
    const edited = cursor.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));

    expect((await get(`?cursor=${cursor}`)).status).toBe(200);
    expect((await get(`?cursor=${cursor}&order=desc`)).status).toBe(400);
    expect((await get(`?cursor=${edited}`)).status).toBe(400);
    expect((await get(`?cursor=${cursor}x`)).status).toBe(400);
  });

  it('streams a whole range as NDJSON and as CSV', async () => {
    const range = `?end_timestamp=${at(COUNT)}`;
    const ndjson = await get(range, { accept: 'application/x-ndjson' });
    const csv = await get(range, { accept: 'text/csv' });

    const rows = (await ndjson.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ids(rows)).toEqual(ids(written));
    const [head, ...lines] = (await csv.text()).trimEnd().split('\r\n');
    expect(head).toBe('user_id,artist,song_duration,timestamp,event_id,trace_id,source,ingested_at,stored_at');
    expect(lines.map((line) => line.split(',')[4])).toEqual(ids(written));
    expect((await get('', { accept: 'image/png' })).status).toBe(406);
  });
});

describe('GET <path>/<event_id>', () => {
  it('answers the row, or 404', async () => {
    const found = await get(`/${written[42]?.event_id}`);

    expect(await found.json()).toMatchObject({ event_id: written[42]?.event_id, timestamp: at(42) });
    expect((await get(`/${randomUUID()}`)).status).toBe(404);
    expect((await get("/'%20OR%201=1")).status).toBe(404);
  });
});

describe('/readyz', () => {
  it('says that the database answers and the consumer moves', async () => {
    const response = await fetch(`${storage.url}/readyz`);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'ready' });
  });
});
