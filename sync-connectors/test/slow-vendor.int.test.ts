import type { ServerResponse } from 'node:http';
import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startBlackbaud } from '../simulators/blackbaud/start-blackbaud.ts';
import { FIRST_REFRESH_TOKEN } from '../simulators/blackbaud/tokens.ts';
import { type FeedServer, feedOf, startFeedServer } from './feed-server.ts';
import { type ListingsBed, openListingsBed } from './listings-bed.ts';
import { ended, idOf, runOf, sync } from './test-bed.ts';

let bed: ListingsBed;
let slow: FeedServer;
let blackbaud: Awaited<ReturnType<typeof startBlackbaud>>;
let replicas: readonly RunningService[];
let url: string;

const FEED = feedOf(Array.from({ length: 30 }, (_, n) => n + 1));

beforeAll(async () => {
  bed = await openListingsBed(inject('stack'), { centro: 5, norte: 5 });
  slow = await startFeedServer();
  blackbaud = await startBlackbaud({ port: 0, customers: 20, settings: { slow_ms: 3_000 } });
  const env = {
    ...{ LISTING_PROVIDERS: `lenta=${slow.url}/plans.xml`, LISTING_STALL_SECONDS: '1' },
    ...{ SYNC_SCHEDULE: 'listings=off; blackbaud=off', BLACKBAUD_PROFILE: 'seed', BLACKBAUD_CALLS_PER_SECOND: '1000' },
    ...{ BLACKBAUD_API_URL: blackbaud.url, BLACKBAUD_TOKEN_URL: `${blackbaud.url}/token` },
    ...{ BLACKBAUD_CLIENT_ID: 'simulator-client', BLACKBAUD_CLIENT_SECRET: 'simulator-secret' },
    ...{ BLACKBAUD_SUBSCRIPTION_KEY: 'simulator-key', BLACKBAUD_REFRESH_TOKEN: FIRST_REFRESH_TOKEN },
  };
  replicas = await Promise.all([1, 2].map(() => bed.startSync(env, 'sync-with-short-times')));
  url = replicas[0]?.url ?? '';
});
afterAll(async () => {
  await bed?.close();
  await slow?.close();
  await blackbaud?.close();
});
beforeEach(() => bed.db.raw('DELETE FROM sync_entities'));

/** Sends a byte every 50 ms until it is told to send the rest. */
function drip(): { finish(): void; readonly isClosed: Promise<void> } {
  let send = () => {};
  let closed = () => {};
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  slow.answer((_req, res: ServerResponse) => {
    let at = 0;
    res.writeHead(200, { 'content-type': 'text/xml' });
    const timer = setInterval(() => {
      res.write(FEED.slice(at, at + 1));
      at += 1;
    }, 50);
    res.on('close', () => {
      clearInterval(timer);
      closed();
    });
    send = () => {
      clearInterval(timer);
      res.end(FEED.slice(at));
    };
  });
  return { finish: () => send(), isClosed };
}

const startRun = async () => idOf(await ask(`${url}/sync/listings`, 'POST', {}));
const progressOf = async (id: string) => (await runOf(url, id)).entities[0]?.progress?.done ?? 0;
const untilDone = (id: string, bytes: number) =>
  waitUntil(
    () => progressOf(id),
    (done) => done >= bytes,
  );

describe('a provider that sends a byte now and then, for longer than leases last', () => {
  it('shows how far it is, holds up nothing, is read by one replica, and comes to its end', async () => {
    const { finish } = drip();
    const asked = slow.asked.length;
    const began = Date.now();
    const id = await startRun();
    const first = await untilDone(id, 1);
    const others = await Promise.all(replicas.map((replica) => ask(`${replica.url}/healthz`)));
    const other = await sync(url, '/sync/blackbaud', { entities: ['ticketed-events'] });
    const ready = await Promise.all(replicas.map((replica) => ask(`${replica.url}/readyz`)));
    const second = await untilDone(id, first + 20);
    await waitUntil(
      async () => Date.now() - began,
      (ms) => ms > 4_000,
    );
    const running = await runOf(url, id);
    finish();
    const run = await ended(url, id);

    expect([...others, ...ready].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(other).toMatchObject({ state: 'succeeded', entities: [{ complete: true }] });
    expect(second).toBeGreaterThan(first);
    expect(running.state).toBe('running');
    expect(run).toMatchObject({ state: 'succeeded', entities: [{ complete: true, read: 30, emitted: 30 }] });
    expect(run.entities[0]?.progress).toEqual({ done: FEED.length, total: null });
    expect(slow.asked.length - asked).toBe(1);
  });

  it('is let go at once when the run is cancelled', async () => {
    const { isClosed } = drip();
    const id = await startRun();
    await untilDone(id, 1);
    const began = performance.now();
    await ask(`${url}/sync/runs/${id}/cancel`, 'POST');
    const run = await ended(url, id);
    const took = performance.now() - began;
    await isClosed;

    expect(run).toMatchObject({ state: 'cancelled', entities: [{ state: 'cancelled', stale: 0 }] });
    expect(took).toBeLessThan(2_000);
  });

  it('ends where it sends nothing for too long, and the run names the limit', async () => {
    slow.answer((_req, res) => res.writeHead(200).write(FEED.slice(0, 500)));

    const run = await sync(url, '/sync/listings', {});

    expect(run).toMatchObject({ state: 'partial', entities: [{ complete: false, stale: 0 }] });
    expect(run.entities[0]?.message).toBe('incomplete: lenta: it sent nothing for 1 s (LISTING_STALL_SECONDS)');
  });
});

describe('a page of Blackbaud that takes longer than leases last', () => {
  beforeAll(() => ask(`${blackbaud.url}/control/faults`, 'POST', { rate: 1, kinds: ['slow'], seed: 1 }));
  afterAll(() => ask(`${blackbaud.url}/control/faults`, 'POST', { rate: 0 }));

  it('is waited for, and holds up nothing', async () => {
    const id = idOf(await ask(`${url}/sync/blackbaud`, 'POST', { entities: ['customers'], full: true }));
    const { finish } = drip();
    const listings = await startRun();
    await untilDone(listings, 1);
    const meanwhile = await runOf(url, id);
    finish();

    expect((await ended(url, listings)).state).toBe('succeeded');
    expect(meanwhile.state).toBe('running');
    expect(await ended(url, id)).toMatchObject({ state: 'succeeded', entities: [{ complete: true, read: 20 }] });
  });

  it('is let go at once when the run is cancelled', async () => {
    const id = idOf(await ask(`${url}/sync/blackbaud`, 'POST', { entities: ['customers'], full: true }));
    const began = performance.now();
    await ask(`${url}/sync/runs/${id}/cancel`, 'POST');
    const run = await ended(url, id);

    expect(run).toMatchObject({ state: 'cancelled', entities: [{ state: 'cancelled' }] });
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
