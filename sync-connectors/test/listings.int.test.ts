import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type FeedServer, feedOf, sendWhole, startFeedServer } from './feed-server.ts';
import { type ListingsBed, openListingsBed, type ProviderName } from './listings-bed.ts';
import { ended, sync } from './test-bed.ts';

let bed: ListingsBed;
let service: RunningService;

const PLANS = 20;

beforeAll(async () => {
  bed = await openListingsBed(inject('stack'), { centro: PLANS, norte: PLANS });
  service = await bed.startSync();
});
afterAll(() => bed?.close());

const run = () => sync(service.url, '/sync/listings', {});
const read = async () => (await run()).entities[0];

const remove = (provider: ProviderName, id: string | undefined) =>
  bed.control(provider, 'remove', { entity: 'plans', id });
const lastOf = async (provider: ProviderName) => (await bed.idsOf(provider)).at(-1) ?? '';

/** What the stream says of a listing: null while it is there. */
async function staleReasonOf(id: string): Promise<unknown> {
  const records = (await bed.read('listings/listings')).filter(({ value }) => value.listing_id === id);
  return records.at(-1)?.value.stale_reason;
}

const unchanged = { state: 'succeeded', complete: true, read: 0, emitted: 0, message: null };

describe('listings through the frame', () => {
  it('are read once, and not again while their providers say that nothing changed', async () => {
    const first = await read();
    const second = await read();

    expect(first).toMatchObject({ state: 'succeeded', complete: true, read: 2 * PLANS, emitted: 2 * PLANS });
    expect(second).toMatchObject({ ...unchanged, stale: 0 });
  });

  it('that a feed no longer has become stale with the second read, though it says that nothing changed, and fresh when they are back', async () => {
    const id = await lastOf('centro');
    await remove('centro', id);

    const missed = await read();
    const marked = await read();
    const after = await read();
    const reason = await staleReasonOf(`centro:${id}`);
    await bed.control('centro', 'reset');
    const back = await read();

    expect(missed).toMatchObject({ read: PLANS - 1, stale: 0 });
    expect(marked).toMatchObject({ ...unchanged, stale: 1 });
    expect(after).toMatchObject({ ...unchanged, stale: 0 });
    expect(reason).toMatch(/^(ended|withdrawn)$/);
    expect(back).toMatchObject({ state: 'succeeded', read: PLANS, emitted: 1, returned: 1 });
    expect(await staleReasonOf(`centro:${id}`)).toBeNull();
  });

  it('are read whole until a read under the same settings has counted what it missed', async () => {
    const id = await lastOf('norte');
    await remove('norte', id);
    await read();
    await service.stop();
    service = await bed.startSync({ LISTING_TIME_ZONES: 'centro=Europe/Madrid,norte=Europe/Madrid' });

    const other = await read();
    const counted = await read();
    const marked = await read();

    const whole = { state: 'succeeded', read: 2 * PLANS - 1, stale: 0 };
    expect(other).toMatchObject({ ...whole, message: expect.stringContaining('not those of the read before') });
    expect(counted).toMatchObject({ ...whole, message: null });
    expect(marked).toMatchObject({ ...unchanged, stale: 1 });
    expect(await staleReasonOf(`norte:${id}`)).toMatch(/^(ended|withdrawn)$/);
  });
});

describe('more listings of a provider that are gone than a run may mark', () => {
  /** Has some listings of a provider lie in a year, and then go. */
  async function loseSix(provider: ProviderName, year: number): Promise<void> {
    const ids = (await bed.idsOf(provider)).slice(0, 6);
    for (const id of ids)
      await bed.control(provider, 'change', { entity: 'plans', id, fields: { starts_at: `${year}-06-30T20:00:00` } });
    await read();
    for (const id of ids) await remove(provider, id);
    await read();
  }

  it('are held where they were still to come, and marked once they are released', async () => {
    const id = `centro:${(await bed.idsOf('centro'))[0]}`;
    await loseSix('centro', 2999);

    const held = await run();
    const before = await staleReasonOf(id);
    await ask(`${service.url}/sync/runs/${held.run_id}/release`, 'POST');
    const released = await ended(service.url, held.run_id);

    expect(held).toMatchObject({ state: 'held', entities: [{ state: 'held', stale: 0 }] });
    expect(held.entities[0]?.message).toContain(`held: 6 of ${PLANS} rows of centro would become stale`);
    expect(before).toBeNull();
    expect(released).toMatchObject({ state: 'succeeded', entities: [{ stale: 6 }] });
    expect(await staleReasonOf(id)).toBe('withdrawn');
  });

  it('are marked at once where they have ended', async () => {
    const id = `norte:${(await bed.idsOf('norte'))[0]}`;
    await loseSix('norte', 2020);

    expect(await run()).toMatchObject({ state: 'succeeded', entities: [{ stale: 6, message: null }] });
    expect(await staleReasonOf(id)).toBe('ended');
  });
});

describe('a provider whose feed has a base plan that nobody can name', () => {
  let sur: FeedServer;

  beforeAll(async () => {
    sur = await startFeedServer();
    await service.stop();
    service = await bed.startSync({ LISTING_PROVIDERS: `norte=${bed.feeds.norte},sur=${sur.url}/plans.xml` });
  });
  afterAll(() => sur?.close());

  it('counts none of its own listings as gone, and all of the others’', async () => {
    sur.answer(sendWhole(feedOf([1, 2]), { etag: '"whole"' }));
    for (let n = 0; n < 2; n += 1) await read();
    const id = await lastOf('norte');
    await remove('norte', id);
    const nameless = feedOf([1, 2]).replace('base_plan_id="2"', '');
    sur.answer((req, res) => sendWhole(nameless, { etag: '"nameless"' })(req, res));

    const reads = [await read(), await read(), await read()];

    expect(reads.map((each) => each?.stale)).toEqual([0, 1, 0]);
    expect(reads.map((each) => each?.read)).toEqual([PLANS - 8 + 2, 2, 2]);
    expect(reads[2]?.message).toBe('nothing of sur counts as gone: 1 skipped parts had no id');
    expect(await staleReasonOf(`norte:${id}`)).toMatch(/^(ended|withdrawn)$/);
    expect(await staleReasonOf('sur:2')).toBeNull();
  });
});
