import type { RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld, type World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { startBlackbaud } from '../simulators/blackbaud/start-blackbaud.ts';
import { FIRST_REFRESH_TOKEN } from '../simulators/blackbaud/tokens.ts';
import { ask, ended, idOf, type Run } from './test-bed.ts';

const STREAMS = ['customers', 'ticketed-events', 'wristbands', 'parking-passes'] as const;
const counts = z.record(z.string(), z.number());

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let world: World;
let vendor: Awaited<ReturnType<typeof startBlackbaud>>;
let storage: RunningService;

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

  it('comes to what the vendor has though 30 % of its calls fail in every way', async () => {
    const service = await startSync({
      BLACKBAUD_PROFILE: 'seed',
      BLACKBAUD_PAGE_SIZE: '20',
      SYNC_CALL_TIMEOUT_SECONDS: '3',
    });
    await ask(`${vendor.url}/control/settings`, 'POST', { slow_ms: 200, timeout_ms: 1_000 });
    await ask(`${vendor.url}/control/add`, 'POST', { entity: 'wristbands', count: 25 });
    const kinds = ['401', '403', '429', '500', 'timeout', 'reset', 'truncated', 'malformed', 'slow', 'bomb'];
    await ask(`${vendor.url}/control/faults`, 'POST', { rate: 0.3, kinds, seed: 7 });

    let run = await sync(service);
    for (let more = 0; run.state !== 'succeeded' && more < 4; more += 1) run = await sync(service);

    expect(run.state).toBe('succeeded');
    await ask(`${vendor.url}/control/faults`, 'POST', { rate: 0, kinds: [], seed: 7 });
    const has = await vendorHas();
    for (const stream of STREAMS)
      await waitUntil(
        () => storedRows(stream),
        (rows) => rows.length === has[stream],
      );
    const lines = JSON.stringify(service.lines);
    for (const secret of ['simulator-secret', 'simulator-key', FIRST_REFRESH_TOKEN])
      expect(lines).not.toContain(secret);
    await service.stop();
  });
});
