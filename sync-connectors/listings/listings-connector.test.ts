import { setTimeout as sleep } from 'node:timers/promises';
import { compileValidator } from '@millrace/core/schema/compile-validator';
import { inputSchema } from '@millrace/core/schema/input-schema';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { silentLog } from '@millrace/testing/serve-for-test';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCaller } from '../frame/call/create-caller.ts';
import type { Call, Json, ReadItem, Scope } from '../frame/connector.ts';
import { type ListingsOptions, startListings } from '../simulators/listings/start-listings.ts';
import { FEED_LIMITS, type FeedLimits } from './feed-limits.ts';
import { listingsConnector } from './listings-connector.ts';

const NOW = Date.parse('2026-03-14T12:00:00Z');
const call: Call = (url, init) => fetch(url, init);
const ALL: Scope = { kind: 'all' };

type Of<Kind extends ReadItem['kind']> = Extract<ReadItem, { kind: Kind }>;
const isOf =
  <Kind extends ReadItem['kind']>(kind: Kind) =>
  (item: ReadItem): item is Of<Kind> =>
    item.kind === kind;

/** A connector of both simulated providers, and one read of it. */
async function simulated(options: ListingsOptions = {}, limits: Partial<FeedLimits> = {}) {
  const simulator = await startListings({ port: 0, today: '2026-03-14', plans: 20, clock: () => NOW, ...options });
  onTestFinished(() => simulator.close());
  const { url } = simulator;
  const control = async (path: string, body: unknown) =>
    fetch(`${url}/control/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const ids = async (entity: string): Promise<unknown[]> => {
    const list: unknown = await (await fetch(`${url}/control/ids?entity=${entity}`)).json();
    return Array.isArray(list) ? list : [];
  };
  const connect = (urls: Readonly<Record<string, string>>) =>
    listingsConnector({
      providers: Object.entries(urls).map(([name, feed]) => ({ name, url: feed, timeZone: 'Europe/Madrid' })),
      limits: { ...FEED_LIMITS, ...limits },
      clock: () => NOW,
    });
  const both = { centro: `${url}/plans.xml`, norte: `${url}/events.xml` };
  return { url, control, ids, connect, both };
}

async function readAll(
  connector: ReturnType<typeof listingsConnector>,
  {
    cursor,
    scope = ALL,
    signal = new AbortController().signal,
    by = call,
  }: {
    cursor?: Json | undefined;
    scope?: Scope;
    signal?: AbortSignal;
    by?: Call;
  } = {},
) {
  const items: ReadItem[] = [];
  const [entity] = connector.entities;
  if (!entity) throw new Error('no entity');
  for await (const item of connector.read({ entity, scope, cursor, call: by, log: silentLog, signal }))
    items.push(item);
  return {
    items,
    records: items.filter(isOf('record')),
    rejected: items.filter(isOf('rejected')),
    complete: items.filter(isOf('complete')),
    incomplete: items.filter(isOf('incomplete')),
    cursor: cursorOf(items),
  };
}

/** The cursor that the frame makes of what a read gave of each part. */
function cursorOf(items: readonly ReadItem[]): Json {
  const parts = items.flatMap((item) => (item.kind === 'complete' || item.kind === 'incomplete' ? [item] : []));
  return Object.fromEntries(
    parts.flatMap(({ scope, cursor }) => (scope.kind === 'part' && cursor !== undefined ? [[scope.part, cursor]] : [])),
  );
}

describe('a read', () => {
  it('gives every base plan of both vocabularies as the stream takes it', async () => {
    const { connect, both, ids } = await simulated();
    const stream = (await loadStreams(schemasDir)).find(({ name }) => name === 'listings');
    if (!stream) throw new Error('no stream of listings');
    const validate = compileValidator(inputSchema(stream));

    const { records, complete, incomplete } = await readAll(connect(both));

    const expected = [
      ...(await ids('planList')).map((id) => `centro:${id}`),
      ...(await ids('eventList')).map((id) => `norte:${id}`),
    ];
    expect(records.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(records.flatMap(({ value }) => validate(value))).toEqual([]);
    expect(complete).toHaveLength(2);
    expect(incomplete).toEqual([]);
  });

  it('reads as many providers at a time as there are, and Node warns of nothing', async () => {
    const { connect, url } = await simulated({ settings: { latency_ms: 200 } });
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => warnings.push(message);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { callUntil } = createCaller({
      ...{ name: 'listings', log: silentLog, timeoutMs: 10_000, breakMs: 1_000, onTry: () => undefined },
      budget: { take: (signal) => sleep(50, undefined, { signal }), left: async () => undefined },
    });
    const { signal } = new AbortController();

    const { complete } = await readAll(
      connect(Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`p${n}`, `${url}/plans.xml`]))),
      { by: callUntil(signal), signal },
    );

    expect(complete).toHaveLength(15);
    expect(warnings).toEqual([]);
  });

  it('says of each skipped part where it is and why', async () => {
    const { connect, both } = await simulated();

    const { rejected } = await readAll(connect(both), { scope: { kind: 'part', part: 'centro' } });

    expect(rejected.map(({ pointer }) => pointer).sort()).toEqual(
      [
        '/plans/0/end_date',
        '/plans/0/start_date',
        '/plans/0/zones/0/zone_id',
        '/plans/0/zones/1/price',
        '/plans/0/zones/2/capacity',
        '/plans/0/zones/3/price',
        '/plans/1/plan_id',
      ].sort(),
    );
    expect(rejected.every(({ at, id }) => /^centro, line \d+$/.test(at) && id?.startsWith('centro:'))).toBe(true);
  });

  it('keeps a plan id under two base plans as two plans', async () => {
    const { connect, both } = await simulated();

    const { records } = await readAll(connect(both), { scope: { kind: 'part', part: 'centro' } });

    expect(records.filter(({ value }) => JSON.stringify(value).includes('"plan_id":"900"'))).toHaveLength(2);
  });

  it('is the same in every encoding, with a mark and packed', async () => {
    const { connect, both, url } = await simulated();
    const plain = (await readAll(connect({ centro: both.centro }))).records.map(({ value }) => value);

    for (const query of [
      'encoding=UTF-16LE',
      'encoding=UTF-16BE',
      'encoding=ISO-8859-1',
      'encoding=windows-1252',
      'bom=1',
      'gzip=1',
      'gzip=file',
    ]) {
      const { records } = await readAll(connect({ centro: `${url}/plans.xml?${query}` }));
      expect(
        records.map(({ value }) => value),
        query,
      ).toEqual(plain);
    }
  });

  it('skips a base plan that a feed has twice', async () => {
    const feed = '<planList><output><base_plan base_plan_id="1"/><base_plan base_plan_id="1"/></output></planList>';
    const { connect } = await simulated();

    const { records, rejected } = await readAll(connect({ centro: 'http://x/' }), {
      by: async () => new Response(feed),
    });

    expect(records).toHaveLength(1);
    expect(rejected).toMatchObject([{ id: 'centro:1', reason: expect.stringContaining('already') }]);
  });
});

describe('what has not changed', () => {
  it('is not read again, by each provider for itself', async () => {
    const { connect, both, control } = await simulated();
    const connector = connect(both);
    const first = await readAll(connector);

    const unchanged = await readAll(connector, { cursor: first.cursor });
    await control('change', { entity: 'plans', id: '1015', fields: { price: 77 } });
    const changed = await readAll(connector, { cursor: unchanged.cursor });

    expect(unchanged.records).toEqual([]);
    expect(unchanged.complete).toMatchObject([{ seen: 'unchanged' }, { seen: 'unchanged' }]);
    expect(unchanged.cursor).toEqual(first.cursor);
    expect(changed.records).toHaveLength(20);
    expect(changed.complete.map(({ scope }) => scope)).toContainEqual({ kind: 'part', part: 'centro' });
    expect(changed.complete).toContainEqual(
      expect.objectContaining({ kind: 'complete', scope: { kind: 'part', part: 'centro' }, seen: 'all', records: 20 }),
    );
  });

  it('is read again at another address, and with a cursor that is none of ours', async () => {
    const { connect, both } = await simulated();
    const { cursor } = await readAll(connect(both));

    const moved = await readAll(connect({ ...both, centro: `${both.centro}?moved=1` }), { cursor });
    const strange = await readAll(connect(both), { cursor: [1, 'x'] });

    expect(moved.records).toHaveLength(20);
    expect(strange.records).toHaveLength(40);
    expect(JSON.stringify(cursor)).not.toContain('127.0.0.1');
  });
});

describe('what is asked with next time', () => {
  it('is kept of a provider that gave nothing, and forgotten of one whose feed broke off', async () => {
    const { connect, both, control } = await simulated();
    const connector = connect(both);
    const { cursor } = await readAll(connector);
    await control('faults', { rate: 1, kinds: ['500'], seed: 3 });
    const down = await readAll(connector, { cursor });
    await control('faults', { rate: 1, kinds: ['truncated'], seed: 3 });
    const brokenOff = await readAll(connector, { cursor });

    expect(down.incomplete).toHaveLength(2);
    expect(down.cursor).toEqual(cursor);
    expect(brokenOff.incomplete).toHaveLength(2);
    expect(brokenOff.cursor).toEqual({});
  });
});

it('says of which provider a skipped part is', async () => {
  const { connect, both } = await simulated();

  const { rejected } = await readAll(connect({ centro: both.centro }));

  expect(rejected.length).toBeGreaterThan(0);
  expect(new Set(rejected.map(({ part }) => part))).toEqual(new Set(['centro']));
});

describe('a provider that fails', () => {
  it.each([
    ['truncated', 'broke'],
    ['malformed', 'not well-formed'],
    ['reset', ''],
    ['timeout', 'nothing'],
    ['bomb', ''],
    ['500', 'answered 500'],
    ['401', 'answered 401'],
  ])('is incomplete with its reason, and no other is disturbed: %s', async (kind, reason) => {
    const failing = await simulated({}, { stallMs: 500 });
    const healthy = await simulated();
    await failing.control('faults', { rate: 1, kinds: [kind], seed: 3 });
    const by: Call = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(2_000) });

    const read = await readAll(failing.connect({ centro: failing.both.centro, norte: healthy.both.norte }), {
      by:
        kind === 'timeout' ? (url, init) => by(url, init).catch(() => Promise.reject(new TypeError('nothing'))) : call,
    });

    expect(read.incomplete).toMatchObject([
      { scope: { kind: 'part', part: 'centro' }, reason: expect.stringContaining(reason) },
    ]);
    expect(read.incomplete[0]?.reason).toMatch(/^centro: /);
    expect(read.complete).toMatchObject([{ scope: { kind: 'part', part: 'norte' } }]);
    expect(read.records.filter(({ id }) => id.startsWith('norte:'))).toHaveLength(20);
    expect(Object.keys(Object(read.cursor))).toEqual(['norte']);
  });

  it('is waited for by nobody while it is slow', async () => {
    const slow = await simulated({ settings: { slow_ms: 1_500 } });
    const healthy = await simulated();
    await slow.control('faults', { rate: 1, kinds: ['slow'], seed: 3 });

    const { items, complete } = await readAll(slow.connect({ centro: slow.both.centro, norte: healthy.both.norte }));

    expect(complete).toHaveLength(2);
    expect(complete[0]?.scope).toEqual({ kind: 'part', part: 'norte' });
    expect(
      items
        .filter(isOf('record'))
        .slice(0, 10)
        .every(({ id }) => id.startsWith('centro:')),
    ).toBe(false);
  });

  it('ends with the run when it is cancelled', async () => {
    const { connect, url } = await simulated();
    const cancel = new AbortController();
    const connector = connect({ centro: `${url}/plans.xml?bytes=500000000` });
    const by: Call = (address, init) => fetch(address, init);
    setTimeout(() => cancel.abort(new Error('cancelled')), 200);

    await expect(readAll(connector, { signal: cancel.signal, by })).rejects.toThrow('cancelled');
  });

  it('is named by a check that changes nothing', async () => {
    const { connect, both, url } = await simulated();

    expect(await connect(both).check(call, new AbortController().signal)).toEqual({
      ok: true,
      detail: 'centro: answered 200; norte: answered 200',
    });
    expect(await connect({ x: `${url}/none.xml` }).check(call, new AbortController().signal)).toMatchObject({
      ok: false,
      detail: 'x: answered 404',
    });
  });
});

it('says why a listing is gone by the clock of its provider', async () => {
  const { connect, both } = await simulated();
  const connector = connect(both);
  const [entity] = connector.entities;
  const reason = (row: { [name: string]: Json }) => entity && connector.staleReason?.(entity, row);

  // 12:00 UTC is 13:00 in Madrid.
  expect(reason({ ends_at: '2026-03-14T13:00:00', time_zone: 'Europe/Madrid' })).toBe('ended');
  expect(reason({ ends_at: '2026-03-14T13:00:01', time_zone: 'Europe/Madrid' })).toBe('withdrawn');
  expect(reason({ ends_at: '2026-03-14T13:00:00', time_zone: 'America/New_York' })).toBe('withdrawn');
  expect(reason({ ends_at: null, time_zone: 'Europe/Madrid' })).toBe('withdrawn');
});

it('covers the rows of a provider and no others', async () => {
  const { connect, both } = await simulated();
  const connector = connect(both);
  const [entity] = connector.entities;
  const covers = (scope: Scope) => entity && connector.covers(entity, scope, { provider: 'centro' });

  expect([covers(ALL), covers({ kind: 'part', part: 'centro' }), covers({ kind: 'part', part: 'norte' })]).toEqual([
    true,
    true,
    false,
  ]);
});

it('memory stays flat over a large feed', async () => {
  const { connect, url } = await simulated();
  const connector = connect({ centro: `${url}/plans.xml?bytes=8000000` });
  const [entity] = connector.entities;
  if (!entity) throw new Error('no entity');
  let most = 0;
  let records = 0;
  const before = process.memoryUsage().heapUsed;

  const request = { entity, scope: ALL, cursor: undefined, call, log: silentLog, signal: new AbortController().signal };
  for await (const item of connector.read(request)) {
    if (item.kind === 'record') records += 1;
    if (records % 1_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
  }

  expect(records).toBeGreaterThan(8_000);
  expect(most).toBeLessThan(100_000_000);
});
