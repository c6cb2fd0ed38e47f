import { describe, expect, it } from 'vitest';
import { API, endsIn, fakeSky, recordsIn } from '../test/fake-sky.ts';

const ALL = { kind: 'all' } as const;
const idPath = '/alt-anamg/adhocqueries/id/';

/** A vendor with one query. */
const query =
  (columns: readonly string[], rows: readonly (readonly unknown[])[], more: object = {}) =>
  (url: URL) =>
    url.pathname.startsWith(idPath)
      ? { id: 'q1' }
      : { count: rows.length, fields: columns.map((_, n) => `f${n}`), field_names: columns, rows, ...more };

describe('Blackbaud, altru', () => {
  it('reads an ad-hoc query by its name, its columns by theirs', async () => {
    const columns = ['Pass ID', 'Event ID', 'Pass Type', 'Cost', 'Issued at'];
    const rows = [
      ['PP-1', 'EV-1', 'Premium', '$1,025.50', '3/14/2026 6:05 PM'],
      ['PP-2', 'EV-1', 'Buck Road', '', '2026-03-14T10:00:00Z'],
      ['PP-3', 'EV-1', 'General', '1', 'some day'],
      ['PP-4', '', 'General', '1', '2026-03-14'],
    ];
    const sky = fakeSky(query(columns, rows), { BLACKBAUD_TIMEZONE: 'America/New_York' });

    const items = await sky.read('parking-passes');

    expect(sky.calls).toEqual([`${idPath}Millrace%20parking%20passes`, '/alt-anamg/adhocqueries/q1?limit=50000']);
    const fixed = { ticketed_event_id: 'EV-1' };
    expect(recordsIn(items).map(({ value }) => value)).toEqual([
      { ...fixed, pass_id: 'PP-1', pass_type: 'Premium', cost: '1025.50', issued_at: '2026-03-14T22:05:00.000Z' },
      { ...fixed, pass_id: 'PP-2', pass_type: 'Buck Road', cost: null, issued_at: '2026-03-14T10:00:00.000Z' },
    ]);
    expect(items.filter(({ kind }) => kind === 'rejected')).toEqual([
      {
        ...{ kind: 'rejected', id: 'PP-3', at: 'query "Millrace parking passes", row 3' },
        ...{ pointer: '/issued_at', reason: 'is not a date and time' },
      },
      expect.objectContaining({ id: 'PP-4', pointer: '/ticketed_event_id', reason: 'is missing' }),
    ]);
    expect(endsIn(items)).toEqual([{ kind: 'complete', scope: ALL }]);
  });

  it('says which columns a query lacks, and that there is no query of a name', async () => {
    const lacking = fakeSky(query(['Wristband ID', 'Guest'], [['WB-1', 'Ada']]), {
      BLACKBAUD_WRISTBANDS_QUERY: 'Bands',
    });
    const unknown = fakeSky(() => new Response('{}', { status: 404 }));

    await expect(lacking.read('wristbands')).rejects.toThrow(
      /"Bands" has no column for ticketed_event_id, issued_at; it has wristband_id, guest\./,
    );
    await expect(unknown.read('wristbands')).rejects.toThrow(/there is no ad-hoc query named "Millrace wristbands"/);
  });

  it('takes a query that was cut for incomplete', async () => {
    const rows = Array.from({ length: 1_000 }, (_, n) => [`WB-${n}`, 'EV-1', '2026-03-14']);
    const columns = ['wristband_id', 'ticketed_event_id', 'issued_at'];
    const round = fakeSky(query(columns, rows));
    const counted = fakeSky(query(columns, rows.slice(0, 7), { count: 8 }));

    expect(endsIn(await round.read('wristbands'))).toEqual([expect.objectContaining({ kind: 'incomplete' })]);
    expect(endsIn(await counted.read('wristbands'))).toEqual([
      { kind: 'incomplete', scope: ALL, reason: expect.stringContaining('7 of 8 rows') },
    ]);
  });

  const event = (day: number) => {
    const date = `2026-03-${String(day).padStart(2, '0')}`;
    return { id: `EV-${day}`, name: 'Gala', start_date: `${date}T00:00:00`, start_time: '18:00', capacity: 40 };
  };

  it('takes a list with as many rows as were asked for as incomplete, and reads a range in halves', async () => {
    const days = Array.from({ length: 9 }, (_, n) => event(n + 1));
    const sky = fakeSky(
      ({ searchParams: asked }) => {
        const within = days.filter(
          ({ start_date: at }) =>
            at.slice(0, 10) >= (asked.get('start_date') ?? '') && at.slice(0, 10) <= (asked.get('end_date') ?? '~'),
        );
        return { value: within.slice(0, Number(asked.get('limit'))) };
      },
      { BLACKBAUD_LIST_LIMIT: '5' },
    );

    expect(endsIn(await sky.read('ticketed-events'))).toEqual([
      { kind: 'incomplete', scope: ALL, reason: expect.stringContaining('narrow by date') },
    ]);
    const range = { kind: 'range', from: '2026-03-02', to: '2026-03-09' } as const;
    const items = await sky.read('ticketed-events', range);
    expect(new Set(recordsIn(items).map(({ id }) => id)).size).toBe(9);
    expect(recordsIn(items)[0]?.value).toMatchObject({
      starts_at: '2026-03-01T18:00:00.000Z',
      ends_at: null,
      capacity: 40,
    });
    expect(endsIn(items)).toEqual([{ kind: 'complete', scope: range }]);
  });

  it('reads one customer, and one that the vendor does not have', async () => {
    const sky = fakeSky(({ pathname }) =>
      pathname.endsWith('/280')
        ? { id: 280, first_name: 'Robert', key_name: 'Hernandez', address_block: '1 St\r\nB', post_code: '80202' }
        : new Response('', { status: 404 }),
    );

    const [record, end] = await sky.read('customers', { kind: 'one', id: '280' });
    expect(record).toMatchObject({
      id: '280',
      value: {
        customer_id: '280',
        last_name: 'Hernandez',
        address_lines: '1 St\nB',
        postal_code: '80202',
        email: null,
      },
    });
    expect(end).toMatchObject({ kind: 'complete' });
    expect(await sky.read('customers', { kind: 'one', id: 'no' })).toEqual([
      { kind: 'complete', scope: { kind: 'one', id: 'no' } },
    ]);
  });
});

describe('Blackbaud, renxt', () => {
  const env = { BLACKBAUD_PROFILE: 'renxt', BLACKBAUD_PAGE_SIZE: '2' };
  const rows = ['1', '2', '3'].map((id) => ({
    id,
    first: `F${id}`,
    last: 'L',
    email: { address: `${id}@example.org` },
  }));
  const path = '/constituent/v1/constituents';

  it('reads all pages, the dead and the inactive too, and is complete when the count is that of the rows', async () => {
    const sky = fakeSky(({ searchParams }) => {
      const offset = Number(searchParams.get('offset') ?? 0);
      const next = offset === 0 ? { next_link: `${API}${path}?limit=2&offset=2` } : {};
      return { count: 3, ...next, value: rows.slice(offset, offset + 2) };
    }, env);

    const items = await sky.read('customers');

    expect(sky.calls).toEqual([
      `${path}?include_inactive=true&include_deceased=true&limit=2`,
      `${path}?include_inactive=true&include_deceased=true&limit=2&offset=2`,
    ]);
    expect(recordsIn(items).map(({ id, at }) => [id, at])).toEqual([
      ['1', 'page 1, row 1'],
      ['2', 'page 1, row 2'],
      ['3', 'page 2, row 1'],
    ]);
    expect(endsIn(items)).toEqual([
      { kind: 'checkpoint', cursor: { next_link: null, since: expect.any(String) } },
      { kind: 'complete', scope: ALL },
    ]);
  });

  it('is incomplete when the count is not that of the rows', async () => {
    const sky = fakeSky(() => ({ count: 3, value: rows.slice(0, 1) }), env);

    expect(endsIn(await sky.read('customers'))).toEqual([
      { kind: 'incomplete', scope: ALL, reason: expect.stringContaining('counts 3 rows and gave 1') },
    ]);
  });

  it('is incomplete when a row came twice, as another one may then have moved to a page that was read', async () => {
    const sky = fakeSky(({ searchParams }) => {
      const offset = Number(searchParams.get('offset') ?? 0);
      return { count: 3, value: offset === 0 ? rows.slice(0, 2) : rows.slice(1, 2) };
    }, env);

    expect(endsIn(await sky.read('customers'))).toEqual([
      { kind: 'incomplete', scope: ALL, reason: expect.stringContaining('gave 1 rows twice') },
    ]);
  });

  it('goes on at the last next_link, looks back an hour, and never sends its token to another host', async () => {
    const sky = fakeSky(({ searchParams }) => {
      const token = Number(searchParams.get('sort_token') ?? 0);
      const next_link = `https://elsewhere.example${path}?limit=2&sort_token=${token + 1}`;
      return { count: 1, next_link, value: token < 8 && token > 4 ? rows.slice(0, 1) : [] };
    }, env);

    const items = await sky.read('customers', ALL, {
      next_link: `https://elsewhere.example${path}?limit=2&sort_token=7`,
      since: '2026-03-14T10:00:00.000Z',
    });

    expect(sky.calls).toEqual([
      `${path}?limit=2&sort_token=7`,
      `${path}?limit=2&sort_token=8`,
      `${path}?include_inactive=true&include_deceased=true&limit=2&last_modified=2026-03-14T09%3A00%3A00.000Z`,
    ]);
    expect(recordsIn(items)).toHaveLength(1);
    expect(endsIn(items)[0]).toMatchObject({ cursor: { next_link: expect.stringContaining('sort_token=1') } });
  });
});

describe('what the vendor refuses', () => {
  const status = (code: number, body: unknown = {}, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), { status: code, headers });
  const page = { count: 0, value: [] };
  const seed = { BLACKBAUD_PROFILE: 'seed' };

  it('refreshes once on 401, and names both causes on the second', async () => {
    const expired = fakeSky(
      (_, init) => (new Headers(init?.headers).get('authorization') === 'Bearer access-2' ? page : status(401)),
      seed,
    );
    const wrong = fakeSky(() => status(401), seed);

    expect(endsIn(await expired.read('wristbands'))).toEqual([{ kind: 'complete', scope: ALL }]);
    await expect(wrong.read('wristbands')).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/login is not accepted .* or the subscription key is wrong/),
    });
    expect(wrong.calls).toHaveLength(2);
  });

  it('takes 403 for a quota only by its header or its words, else for a permission that is missing, at once', async () => {
    const answers = [status(403, {}, { 'retry-after': '0' }), status(403, 'Out of call volume quota. 00:00:00.'), page];
    const quota = fakeSky(() => answers.shift(), seed);
    const long = fakeSky(() => status(403, 'Out of call volume quota. Quota will be replenished in 12:00:00.'), seed);
    const permission = fakeSky(() => status(403, [{ message: 'You do not have permission.' }]), seed);

    expect(endsIn(await quota.read('wristbands'))).toEqual([{ kind: 'complete', scope: ALL }]);
    await expect(long.read('wristbands')).rejects.toMatchObject({ kind: 'throttled' });
    await expect(permission.read('wristbands')).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('config_error: 403'),
    });
    expect(permission.calls).toHaveLength(1);
  });

  it('reads a page again that came broken, and obeys 429', async () => {
    const broken = new Response('{"count": 3, "value": [{"id": "1", <html>');
    const answers = [broken, new Response('{"count": 0, "val'), status(429, {}, { 'retry-after': '0' }), page];
    const sky = fakeSky(() => answers.shift(), seed);

    expect(endsIn(await sky.read('wristbands'))).toEqual([{ kind: 'complete', scope: ALL }]);
    expect(sky.calls).toHaveLength(4);
  });

  it('sends the database and the key where they belong, and shows neither', async () => {
    const seen: Headers[] = [];
    const sky = fakeSky(
      (_, init) => {
        seen.push(new Headers(init?.headers));
        return status(400, { message: 'sort and sort_token cannot both be given' });
      },
      { ...seed, BLACKBAUD_DATABASE: 'museum' },
    );

    await expect(sky.read('wristbands')).rejects.toThrow(/answered 400: sort and sort_token cannot both be given$/);
    expect(seen[0]?.get('redatabasetouse')).toBe('museum');
    expect(seen[0]?.get('bb-api-subscription-key')).toBe('key-canary');
    await expect(sky.read('wristbands')).rejects.not.toThrow(/canary|access-/);
    expect(JSON.stringify(sky.connector)).not.toContain('canary');
  });

  it('checks every source with one small call, and changes nothing', async () => {
    const sky = fakeSky(() => page, seed);
    const signal = new AbortController().signal;

    expect(await sky.connector.check(sky.call, signal)).toEqual({
      ok: true,
      detail: 'reaches customers, ticketed-events, wristbands, parking-passes; the login holds until 2027-03-14',
    });
  });
});
