import { selectRows } from '@millrace/core/database/run-sql';
import { startListings } from '@millrace/sync-connectors/simulators/listings/start-listings';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { bareLoop } from '../sync/bare-loop-rate.ts';
import { runSync } from '../sync/run-sync.ts';
import { untilListingsStored } from '../sync/stored-listings.ts';
import { withListings } from '../sync/with-listings.ts';

/** Of each of two providers, one of either vocabulary. */
const LISTINGS = 25_000;

/**
 * Listings of simulated providers through Kafka to MySQL rows, and then the same again, of which nothing is new; beside it, a loop that
 * reads the same feeds and writes the same records with kafkajs.
 */
export async function run(context: BenchContext): Promise<readonly RowResult[]> {
  const vendor = await startListings({ port: 0, plans: 1 });
  const urls = ['plans.xml', 'events.xml'].map((feed) => `${vendor.url}/${feed}?plans=${LISTINGS}`);
  try {
    return await withListings(context, urls, async (world) => {
      const storage = await world.start('storage');
      const sync = await world.start('sync-connectors');
      const watch = watchProcess(sync.url);
      const began = performance.now();
      const first = await runSync(sync.url);
      await untilListingsStored(world.db, world, first.emitted);
      const storedMs = performance.now() - began;
      const peaks = watch.peaks();
      const [children] = await selectRows<{ plans: number; zones: number }>(
        world.db,
        'SELECT (SELECT COUNT(*) FROM listing_plans) AS plans, (SELECT COUNT(*) FROM listing_zones) AS zones',
      );
      await storage.stop();

      const watchAgain = watchProcess(sync.url);
      const again = await runSync(sync.url);
      const peaksAgain = watchAgain.peaks();
      if (again.unchanged !== first.emitted) throw new Error(`${again.unchanged} of ${first.emitted} are unchanged`);
      await sync.stop();

      const stream = world.stream('listings/listings');
      const produced = await bareLoop(context, stream, 'produce', urls);
      const read = await bareLoop(context, stream, 'read', urls);
      const vendorMs = await timeOf(() => Promise.all(urls.map(discard)));
      const share = `the simulated providers alone take ${seconds(vendorMs)} to send both feeds`;
      return [
        {
          name: `sync: ${first.emitted} new listings of two providers through Kafka to MySQL rows`,
          rawName: 'a loop of fetch, saxes, avsc and kafkajs, without rules, state and MySQL',
          raw: produced,
          ours: first.emitted / (storedMs / 1_000),
          unit: 'records/s',
          bar: 0.2,
          ...peaks,
          notes: [
            `on Kafka after ${seconds(first.ms)}, in MySQL after ${seconds(storedMs)}, with ${children?.plans} plans and ${children?.zones} zones as rows of their own`,
            share,
          ],
        },
        {
          name: `sync: ${again.unchanged} listings read again, none of them changed`,
          rawName: 'a loop of fetch, saxes and avsc, without rules and state',
          raw: read,
          ours: again.unchanged / (again.ms / 1_000),
          unit: 'records/s',
          bar: 0.3,
          ...peaksAgain,
          notes: [`in ${seconds(again.ms)}, nothing of it to Kafka; ${share}`],
        },
      ];
    });
  } finally {
    await vendor.close();
  }
}

async function discard(url: string): Promise<void> {
  await (await fetch(url)).arrayBuffer();
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const seconds = (millis: number) => `${(millis / 1_000).toFixed(1)} s`;
