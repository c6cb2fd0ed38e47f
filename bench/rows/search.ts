import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld, type World } from '@millrace/testing/world';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { makeListing } from '../search/make-listing.ts';

const LISTINGS = 20_000;
/** Listings that change, twice. */
const CHANGED = 20_000;
const BATCH = 500;
const CLIENTS = 2;
/** A client's pause between two searches: latency is measured, not how many searches there can be. */
const PAUSE_MS = 20;
const BAR_MS = 20;
const DAY_MS = 86_400_000;

/** `GET /v1/events/search` over 100,000 plans while all of them are written again: no answer comes from the cache. */
export async function run(context: BenchContext): Promise<RowResult> {
  const database = await createTestDatabase(context.databaseUrl);
  const at = { kafkaBrokers: context.kafkaBrokers.join(','), registryUrl: context.registryUrl };
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas: 'shipped' });
  const db = openDatabase(database.url);
  /** By offsets: counting rows would take the database's time from what is measured. */
  const stored = async () => {
    const sql = "SELECT SUM(next_offset) AS n FROM checkpoints WHERE topic = 'listings'";
    return Number((await selectRows<{ n: number | string | null }>(db, sql))[0]?.n ?? 0);
  };
  const until = (records: number) => waitUntil(stored, (n) => n >= records, { withinMs: 300_000, everyMs: 100 });
  try {
    const { url } = await world.start('storage');
    await publish(world, LISTINGS, 0);
    await until(LISTINGS);
    // Made and sent before the clock starts, as that would take the processor from what is measured.
    await publish(world, CHANGED, 1);
    await publish(world, CHANGED, 2);
    await warmUp(url);
    const before = (await stored()) - LISTINGS;
    const watch = watchProcess(url);
    const began = Date.now();
    const state = { isOver: false };
    const written = until(LISTINGS + 2 * CHANGED).finally(() => {
      state.isOver = true;
    });
    const times = (await Promise.all(Array.from({ length: CLIENTS }, () => search(url, () => state.isOver)))).flat();
    await written;
    const seconds = (Date.now() - began) / 1_000;
    times.sort((a, b) => a - b);
    const quantile = (share: number) =>
      times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
    return {
      name: 'search of 100,000 plans while they are written again, 2 clients at 20 ms pauses',
      rawName: `the bar of ${BAR_MS} ms`,
      ...watch.peaks(),
      ...{ raw: BAR_MS, ours: quantile(0.99), unit: 'ms p99', bar: 1, better: 'lower' },
      notes: [
        `${times.length} searches of 7 days, half of them with available=true or a provider: p50 ${quantile(0.5).toFixed(1)} ms, slowest ${quantile(1).toFixed(1)} ms`,
        `${(2 * CHANGED - before) * 5} of 200,000 changed plans were written meanwhile, in ${seconds.toFixed(1)} s`,
      ],
    };
  } finally {
    await world.close();
    await db.close();
    await database.close();
  }
}

async function publish(world: World, listings: number, version: number): Promise<void> {
  for (let from = 0; from < listings; from += BATCH)
    await world.publish(
      'listings/listings',
      Array.from({ length: BATCH }, (_, n) => makeListing(from + n, version)),
    );
}

/** Connections are opened and code is compiled by the first searches. */
async function warmUp(url: string): Promise<void> {
  let left = 30;
  await search(url, () => --left < 0);
}

/** One search after another until it is over; answers how long each took, in milliseconds. */
async function search(url: string, isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  const filters = ['', '', '&available=true', '&provider=provider-1'];
  while (!isOver()) {
    const from = Date.parse('2026-01-01T00:00:00Z') + Math.floor(Math.random() * 720) * DAY_MS;
    const [starts, ends] = [from, from + 7 * DAY_MS].map((day) => new Date(day).toISOString());
    const began = performance.now();
    const filter = filters[times.length % filters.length] ?? '';
    const response = await fetch(`${url}/v1/events/search?starts_at=${starts}&ends_at=${ends}${filter}`);
    await response.text();
    if (!response.ok) throw new Error(`a search was answered with ${response.status}`);
    times.push(performance.now() - began);
    await pause(PAUSE_MS);
  }
  return times;
}
