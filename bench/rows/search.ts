import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { makeFeed } from '../search/make-feed.ts';
import { searchUntil } from '../search/search-clients.ts';
import { runSync } from '../sync/run-sync.ts';
import { serveFeeds } from '../sync/serve-feeds.ts';
import { untilListingsStored } from '../sync/stored-listings.ts';
import { withListings } from '../sync/with-listings.ts';

const PROVIDERS = [0, 1, 2];
/** Of five plans each. Half of them change from one sync to the next. */
const LISTINGS = 20_000;
const SYNCS = 3;
const BAR_MS = 20;
const SLOWEST_MS = 50;

/** `GET /v1/events/search` over 100,000 plans while a sync changes half of them, three times over: no answer stays in the cache. */
export async function run(context: BenchContext): Promise<RowResult> {
  // Made before the clock starts, as that would take the processor from what is measured.
  const versions = Array.from({ length: 1 + SYNCS }, (_, version) =>
    PROVIDERS.map((provider) => makeFeed(provider, LISTINGS, version)),
  );
  let version = 0;
  const feeds = await serveFeeds(PROVIDERS.map((n) => () => [versions[version]?.[n] ?? Buffer.alloc(0)]));
  try {
    return await withListings(context, feeds.urls, async (world) => {
      const storage = await world.start('storage');
      const sync = await world.start('sync-connectors');
      let written = (await runSync(sync.url)).emitted;
      await untilListingsStored(world.db, world, written);
      let left = 60;
      await searchUntil(storage.url, () => --left < 0);

      const first = written;
      const watch = watchProcess(storage.url);
      const began = performance.now();
      const state = { isOver: false };
      const searched = searchUntil(storage.url, () => state.isOver);
      try {
        for (version = 1; version <= SYNCS; version += 1) {
          written += (await runSync(sync.url)).emitted;
          await untilListingsStored(world.db, world, written);
        }
      } finally {
        state.isOver = true;
      }
      const seconds = (performance.now() - began) / 1_000;
      const times = (await searched).sort((a, b) => a - b);
      const quantile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
      const slow = times.filter((ms) => ms > SLOWEST_MS).length;
      return {
        name: 'search of 100,000 plans while a sync changes 50,000, three times, 2 clients at 20 ms pauses',
        rawName: `the bar of ${BAR_MS} ms`,
        ...watch.peaks(),
        ...{ raw: BAR_MS, ours: quantile(0.99), unit: 'ms p99', bar: 1, better: 'lower' },
        notes: [
          `${times.length} searches of 7 days, half of them with available=true or a provider: p50 ${quantile(0.5).toFixed(1)} ms, p99 ${quantile(0.99).toFixed(1)} ms, slowest ${quantile(1).toFixed(1)} ms; ${slow} took longer than ${SLOWEST_MS} ms`,
          `meanwhile sync-connectors read ${SYNCS * LISTINGS} listings, and ${(written - first) * 5} changed plans went through Kafka to MySQL, in ${seconds.toFixed(1)} s`,
        ],
      };
    });
  } finally {
    feeds.close();
  }
}
