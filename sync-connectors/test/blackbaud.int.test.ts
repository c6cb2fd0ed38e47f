import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld, type World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { startBlackbaud } from '../simulators/blackbaud/start-blackbaud.ts';
import { FIRST_REFRESH_TOKEN } from '../simulators/blackbaud/tokens.ts';
import { ended, idOf, newest, type Run } from './test-bed.ts';

const STREAMS = ['customers', 'ticketed-events', 'wristbands', 'parking-passes'] as const;
/** The key of each stream, and a field that the tests change. */
const FIELDS = {
  customers: { key: 'customer_id', changed: 'city' },
  'ticketed-events': { key: 'ticketed_event_id', changed: 'name' },
  wristbands: { key: 'wristband_id', changed: 'ticketed_event_id' },
  'parking-passes': { key: 'pass_id', changed: 'pass_type' },
} as const;
const KINDS = ['401', '403', '429', '500', 'timeout', 'reset', 'truncated', 'malformed', 'slow', 'bomb'];
const counts = z.record(z.string(), z.number());

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let world: World;
let vendor: Awaited<ReturnType<typeof startBlackbaud>>;
let storage: RunningService;
/** What was changed at the vendor, by the ids of rows. */
const changes = new Map<string, string>();
/** The ids of what was removed. */
const gone = new Set<string>();

beforeAll(async () => {
  database = await createTestDatabase(inject('stack').databaseUrl);
  world = await openWorld({ ...inject('stack'), databaseUrl: database.url }, { schemas: 'shipped' });
  vendor = await startBlackbaud({ port: 0, customers: 60 });
  storage = await world.start('storage');
});
afterAll(async () => {
  await world.close();
  await vendor.close();
  await database.close();
});

const startSync = (env: Readonly<Record<string, string>>) =>
  world.start('sync-connectors', {
    env: {
      ...{ BLACKBAUD_API_URL: vendor.url, BLACKBAUD_TOKEN_URL: `${vendor.url}/token`, SYNC_SCHEDULE: 'blackbaud=off' },
      ...{ BLACKBAUD_CLIENT_ID: 'simulator-client', BLACKBAUD_CLIENT_SECRET: 'simulator-secret' },
      ...{ BLACKBAUD_SUBSCRIPTION_KEY: 'simulator-key', BLACKBAUD_REFRESH_TOKEN: FIRST_REFRESH_TOKEN },
      ...{ BLACKBAUD_CALLS_PER_SECOND: '1000', BLACKBAUD_CALLS_PER_DAY: '1000000', ...env },
    },
  });

async function sync({ url }: RunningService, path = '/sync/blackbaud', body: object = { full: true }): Promise<Run> {
  return ended(url, idOf(await ask(url + path, 'POST', body)), 90_000);
}

async function vendorHas(): Promise<Record<string, number>> {
  return counts.parse((await ask(`${vendor.url}/control`)).body);
}

async function steer(path: string, body: object): Promise<void> {
  const { status, body: answer } = await ask(`${vendor.url}/control/${path}`, 'POST', body);
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
}

async function idsOf(entity: string): Promise<string[]> {
  return z.array(z.string()).parse((await ask(`${vendor.url}/control/ids?entity=${entity}`)).body);
}

/** Something new, something changed and something gone of each entity. */
async function changeVendor(word: string): Promise<void> {
  for (const entity of STREAMS) {
    const ids = await idsOf(entity);
    const [changed, last] = [ids[1], ids.at(-1) ?? ''];
    await steer('change', { entity, id: changed, fields: { [FIELDS[entity].changed]: word } });
    await steer('remove', { entity, id: last });
    await steer('add', { entity, count: 1 });
    changes.set(changed ?? '', word);
    gone.add(last);
  }
}

const rowsOf = (stream: (typeof STREAMS)[number]) => newest(world, `ticketing/${stream}`, FIELDS[stream].key);

/** The ids of what any stream says is stale. */
async function staleIn(): Promise<string[]> {
  const found: string[] = [];
  for (const stream of STREAMS)
    for (const [id, row] of await rowsOf(stream)) if (row.stale_since !== null) found.push(id);
  return found;
}

async function expectWhatVendorHas(): Promise<void> {
  for (const stream of STREAMS) {
    const rows = [...(await rowsOf(stream))].filter(([, row]) => row.stale_since === null);
    const changed = rows.filter(([id]) => changes.has(id)).map(([id, row]) => [id, row[FIELDS[stream].changed]]);
    expect(rows.map(([id]) => id).sort(), stream).toEqual((await idsOf(stream)).sort());
    expect(changed.length, stream).toBeGreaterThan(0);
    expect(changed, stream).toEqual(changed.map(([id]) => [id, changes.get(String(id))]));
  }
}

async function storedRows(stream: string): Promise<unknown[]> {
  const rows = z.array(z.unknown()).parse((await ask(`${storage.url}/streams/${stream}?limit=1000`)).body);
  return rows.filter((row) => z.object({ stale_since: z.null() }).safeParse(row).success);
}

describe('Blackbaud through the frame', () => {
  it.each(['altru', 'renxt', 'seed'])('fills every stream, profile %s', async (profile) => {
    const service = await startSync({ BLACKBAUD_PROFILE: profile });

    const run = await sync(service);

    const has = await vendorHas();
    expect(run.entities.map(({ entity, state, complete }) => [entity, state, complete])).toEqual(
      STREAMS.map((stream) => [stream, 'succeeded', true]),
    );
    expect(Object.fromEntries(run.entities.map(({ entity, read }) => [entity, read]))).toMatchObject(
      Object.fromEntries(STREAMS.map((stream) => [stream, has[stream]])),
    );
    for (const stream of STREAMS)
      await waitUntil(
        () => storedRows(stream),
        (rows) => rows.length === has[stream],
      );
    await service.stop();
  });

  it('shows what parking is left', async () => {
    const [event] = z.array(z.string()).parse((await ask(`${vendor.url}/control/ids?entity=ticketed-events`)).body);

    const { status, body } = await ask(`${storage.url}/ticketing/events/${event}/parking-availability`);

    expect(status).toBe(200);
    expect(body).toEqual(expect.arrayContaining([expect.objectContaining({ pass_type: 'Buck Road', limit: 40 })]));
  });

  it('finds a customer by id, and says 404 of one that the vendor does not have', async () => {
    const service = await startSync({});
    const [id] = z.array(z.string()).parse((await ask(`${vendor.url}/control/ids?entity=customers`)).body);
    const one = (customer_id: string | undefined) => sync(service, '/sync/customer', { customer_id });

    expect(await one(id)).toMatchObject({ state: 'succeeded', entities: [{ read: 1 }] });
    expect(await one('nobody')).toMatchObject({
      state: 'failed',
      entities: [{ message: expect.stringContaining('404') }],
    });
    await service.stop();
  });

  it.each(['seed', 'renxt'])(
    'comes to what the vendor has though many of its calls fail in every way, profile %s',
    async (profile) => {
      const service = await startSync({
        ...{ BLACKBAUD_PROFILE: profile, BLACKBAUD_PAGE_SIZE: '20', SYNC_CALL_TIMEOUT_SECONDS: '1' },
      });
      await steer('settings', { slow_ms: 200, timeout_ms: 1_500 });
      await sync(service);
      const wronglyStale: string[] = [];
      for (let turn = 0; turn < 2; turn += 1) {
        await changeVendor(`${profile} ${turn}`);
        await steer('faults', { rate: 0.3, kinds: KINDS, seed: turn + 7 });
        await sync(service, '/sync/blackbaud', { full: turn === 0 });
        await steer('faults', { rate: 0 });
        wronglyStale.push(...(await staleIn()).filter((id) => !gone.has(id)));
      }

      const afterwards = [await sync(service), await sync(service)];

      expect(wronglyStale).toEqual([]);
      expect(afterwards.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
      await expectWhatVendorHas();
      const lines = JSON.stringify(service.lines);
      for (const secret of ['simulator-secret', 'simulator-key', FIRST_REFRESH_TOKEN])
        expect(lines).not.toContain(secret);
      await service.stop();
    },
  );

  it('marks of each stream what is gone, and says when it is back', async () => {
    const service = await startSync({ BLACKBAUD_PROFILE: 'seed' });
    await sync(service);
    const removed = await Promise.all(STREAMS.map(async (entity) => (await idsOf(entity))[0] ?? ''));
    for (const [index, entity] of STREAMS.entries()) await steer('remove', { entity, id: removed[index] });

    const [missed, marked] = [await sync(service), await sync(service)];
    const stale = await staleIn();
    await steer('reset', {});
    const back = await sync(service);

    const counts = ({ entities }: Run, name: 'stale' | 'returned') => entities.map((each) => each[name]);
    expect(counts(missed, 'stale')).toEqual([0, 0, 0, 0]);
    expect(counts(marked, 'stale')).toEqual([1, 1, 1, 1]);
    expect(counts(back, 'returned').every((returned) => returned > 0)).toBe(true);
    expect(stale).toEqual(expect.arrayContaining(removed));
    expect((await staleIn()).filter((id) => removed.includes(id))).toEqual([]);
    await service.stop();
  });
});
