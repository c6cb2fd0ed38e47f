import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getJson } from './get-json.ts';
import { type OwnPlatform, startOwnPlatform } from './own-platform.ts';

type Entity = { connector: string; entity: string; state: string; complete: boolean; message: string | null };
type Counts = { read: number; emitted: number; unchanged: number; rejected: number; stale: number; returned: number };
type Run = { run_id: string; state: string; entities: (Entity & Counts)[] };

const TICKETING = ['customers', 'ticketed-events', 'wristbands', 'parking-passes'] as const;
const KEYS: Readonly<Record<string, string>> = {
  customers: 'customer_id',
  'ticketed-events': 'ticketed_event_id',
  wristbands: 'wristband_id',
  'parking-passes': 'pass_id',
  listings: 'listing_id',
};

let platform: OwnPlatform;

beforeAll(async () => {
  platform = await startOwnPlatform({ env: { SIMULATOR_GROWTH_SECONDS: '0' } });
});

afterAll(() => platform?.close());

/** What the vendors have, by the stream that it fills. */
async function vendorIds(): Promise<Record<string, string[]>> {
  const { 'simulator-blackbaud': blackbaud, 'simulator-listings': listings } = platform.vendorUrls;
  const idsOf = (url: string, entity: string) => getJson<string[]>(`${url}/control/ids?entity=${entity}`);
  const [centro, norte] = [await idsOf(listings, 'planList'), await idsOf(listings, 'eventList')];
  const ticketing = await Promise.all(TICKETING.map(async (name) => [name, await idsOf(blackbaud, name)] as const));
  const plans = [...centro.map((id) => `centro:${id}`), ...norte.map((id) => `norte:${id}`)];
  return { ...Object.fromEntries(ticketing), listings: plans };
}

async function storedIds(stream: string): Promise<string[]> {
  const key = KEYS[stream] ?? '';
  const rows = await getJson<Record<string, string | null>[]>(`${platform.urls.storage}/streams/${stream}?limit=1000`);
  return rows.filter((row) => row.stale_since === null).map((row) => String(row[key]));
}

async function syncAll(): Promise<Run> {
  const response = await fetch(`${platform.urls['sync-connectors']}/sync/all`, { method: 'POST' });
  expect(response.status).toBe(202);
  const location = response.headers.get('location') ?? '';
  return waitUntil(
    () => getJson<Run>(`${platform.urls['sync-connectors']}${location}`),
    ({ state }) => state !== 'running',
    { withinMs: 120_000 },
  );
}

describe('a platform without a vendor', () => {
  it('says that vendors are simulated, and reads none before it is asked to', async () => {
    const again = await platform.make('up');
    const runs = await getJson<Run[]>(`${platform.urls['sync-connectors']}/sync/runs`);

    expect(again).toContain('Blackbaud and listings are simulated');
    expect(runs).toEqual([]);
  });

  it('has all that the vendors have in storage, analyzer and run history, by one POST /sync/all', async () => {
    const has = await vendorIds();

    const run = await syncAll();

    expect(run.state).toBe('succeeded');
    expect(run.entities.map(({ entity, complete, message }) => [entity, complete, message])).toEqual(
      [...TICKETING, 'plans'].map((entity) => [entity, true, null]),
    );
    for (const [stream, ids] of Object.entries(has)) {
      const stored = await waitUntil(
        () => storedIds(stream),
        (rows) => rows.length >= ids.length,
        { withinMs: 60_000 },
      );
      expect(stored.toSorted(), stream).toEqual(ids.toSorted());
    }
    const wanted = Object.fromEntries(Object.entries(has).map(([stream, ids]) => [stream, ids.length]));
    const counted = await waitUntil(
      async () => {
        const { streams } = await getJson<{ streams: Record<string, { count: number }> }>(
          `${platform.urls.analyzer}/stats`,
        );
        return Object.fromEntries(Object.keys(wanted).map((stream) => [stream, streams[stream]?.count]));
      },
      (counts) => JSON.stringify(counts) === JSON.stringify(wanted),
      { withinMs: 60_000 },
    );
    expect(counted).toEqual(wanted);
    const runs = await getJson<Run[]>(`${platform.urls['sync-connectors']}/sync/runs`);
    expect(runs.map(({ run_id }) => run_id)).toEqual([run.run_id]);
  });

  it('answers the search and what parking is left', async () => {
    const [event] = (await vendorIds())['ticketed-events'] ?? [];

    const search = await getJson<{ data: { events: unknown[] }; error: null }>(
      `${platform.urls.storage}/v1/events/search?limit=1000`,
    );
    const parking = await getJson<{ pass_type: string; limit: number; issued: number; left: number }[]>(
      `${platform.urls.storage}/ticketing/events/${event}/parking-availability`,
    );

    expect(search.error).toBeNull();
    expect(search.data.events.length).toBeGreaterThan(80);
    expect(parking.map(({ pass_type }) => pass_type)).toEqual(
      expect.arrayContaining(['General', 'Premium', 'Catering', 'Buck Road']),
    );
    expect(parking.every(({ limit, issued, left }) => limit - issued === left)).toBe(true);
  });

  it('writes nothing again while nothing changed', async () => {
    const { state, entities } = await syncAll();

    expect(state).toBe('succeeded');
    expect(entities.map(({ entity, emitted, stale, complete }) => [entity, emitted, stale, complete])).toEqual(
      [...TICKETING, 'plans'].map((entity) => [entity, 0, 0, true]),
    );
  });
});
