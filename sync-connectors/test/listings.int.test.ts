import type { RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { openWorld, type World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { startListings } from '../simulators/listings/start-listings.ts';
import { ask, ended, idOf } from './test-bed.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let world: World;
let vendor: Awaited<ReturnType<typeof startListings>>;
let service: RunningService;

const PLANS = 20;

beforeAll(async () => {
  database = await createTestDatabase(inject('stack').databaseUrl);
  world = await openWorld({ ...inject('stack'), databaseUrl: database.url }, { schemas: 'shipped' });
  vendor = await startListings({ port: 0, plans: PLANS, dirt: false });
  service = await startSync();
});
afterAll(async () => {
  await world?.close();
  await vendor?.close();
  await database?.close();
});

const startSync = (env: Readonly<Record<string, string>> = {}) =>
  world.start('sync-connectors', {
    env: {
      LISTING_PROVIDERS: `centro=${vendor.url}/plans.xml,norte=${vendor.url}/events.xml`,
      SYNC_SCHEDULE: 'listings=off',
      ...env,
    },
  });

async function sync(body: object = {}) {
  const { entities } = await ended(service.url, idOf(await ask(`${service.url}/sync/listings`, 'POST', body)));
  return entities[0];
}

const remove = (id: string) => ask(`${vendor.url}/control/remove`, 'POST', { entity: 'plans', id });
async function idsOf(entity: string): Promise<string[]> {
  return z.array(z.string()).parse((await ask(`${vendor.url}/control/ids?entity=${entity}`)).body);
}

/** What the stream says of a listing: null while it is there. */
async function staleReasonOf(id: string): Promise<unknown> {
  const records = (await world.read('listings/listings')).filter(({ value }) => value.listing_id === id);
  return records.at(-1)?.value.stale_reason;
}

const unchanged = { state: 'succeeded', complete: true, read: 0, emitted: 0, message: null };

describe('listings through the frame', () => {
  it('are read once, and not again while their providers say that nothing changed', async () => {
    const first = await sync();
    const second = await sync();

    expect(first).toMatchObject({ state: 'succeeded', complete: true, read: 2 * PLANS, emitted: 2 * PLANS });
    expect(second).toMatchObject({ ...unchanged, stale: 0 });
  });

  it('that a feed no longer has become stale with the second read, though it says that nothing changed', async () => {
    const id = (await idsOf('planList')).at(-1) ?? '';
    await remove(id);

    const missed = await sync();
    const marked = await sync();
    const after = await sync();

    expect(missed).toMatchObject({ read: PLANS - 1, stale: 0 });
    expect(marked).toMatchObject({ ...unchanged, stale: 1 });
    expect(after).toMatchObject({ ...unchanged, stale: 0 });
    expect(await staleReasonOf(`centro:${id}`)).toMatch(/^(ended|withdrawn)$/);
  });

  it('are read whole until a read under the same settings has counted what it missed', async () => {
    const id = (await idsOf('eventList')).at(-1) ?? '';
    await remove(id);
    await sync();
    await service.stop();
    service = await startSync({ LISTING_TIME_ZONES: 'centro=Europe/Madrid,norte=Europe/Madrid' });

    const other = await sync();
    const counted = await sync();
    const marked = await sync();

    const whole = { state: 'succeeded', read: 2 * PLANS - 2, stale: 0 };
    expect(other).toMatchObject({ ...whole, message: expect.stringContaining('not those of the read before') });
    expect(counted).toMatchObject({ ...whole, message: null });
    expect(marked).toMatchObject({ ...unchanged, stale: 1 });
    expect(await staleReasonOf(`norte:${id}`)).toMatch(/^(ended|withdrawn)$/);
  });
});
