import { openDatabase } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { startListings } from '@millrace/sync-connectors/simulators/listings/start-listings';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld } from '@millrace/testing/world';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { bareLoop } from '../sync/bare-loop-of.ts';
import { runSync } from '../sync/run-sync.ts';

/** Of each of two providers. */
const LISTINGS = 25_000;
const TOPIC_FILE = 'listings/listings';

/**
 * Listings of two simulated providers through Kafka to MySQL rows, and then the same again, of which nothing is new; beside it, a loop that
 * reads the same feeds and writes the same records with kafkajs.
 */
export async function run(context: BenchContext): Promise<readonly RowResult[]> {
  const database = await createTestDatabase(context.databaseUrl);
  const at = { kafkaBrokers: context.kafkaBrokers.join(','), registryUrl: context.registryUrl };
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas: 'shipped' });
  const vendor = await startListings({ port: 0, plans: 1 });
  const db = openDatabase(database.url);
  const urls = ['plans.xml', 'events.xml'].map((feed) => `${vendor.url}/${feed}?plans=${LISTINGS}`);
  const env = { LISTING_PROVIDERS: `centro=${urls[0]},norte=${urls[1]}`, SYNC_SCHEDULE: 'listings=off' };
  const stored = async () => {
    const sql = `SELECT SUM(next_offset) AS n FROM checkpoints WHERE topic = '${world.stream(TOPIC_FILE).topic}'`;
    return Number((await selectRows<{ n: number | string | null }>(db, sql))[0]?.n ?? 0);
  };
  try {
    const vendorMs = await timeOf(() => Promise.all(urls.map(discard)));
    const storage = await world.start('storage');
    const sync = await world.start('sync-connectors', { env });
    const watch = watchProcess(sync.url);
    const start = performance.now();
    const first = await runSync(sync.url);
    const waitMs = 120_000;
    await waitUntil(stored, (n) => n >= first.emitted, { withinMs: waitMs, everyMs: 20 });
    const storedMs = performance.now() - start;
    const peaks = watch.peaks();
    const again = watchProcess(sync.url);
    const second = await runSync(sync.url);
    const peaksAgain = again.peaks();
    if (second.unchanged !== first.emitted) throw new Error(`${second.unchanged} of ${first.emitted} are unchanged`);
    await Promise.all([storage.stop(), sync.stop()]);
    const bare = await bareLoop(context, world.stream(TOPIC_FILE), 'produce', urls);
    const reading = await bareLoop(context, world.stream(TOPIC_FILE), 'read', urls);
    const [tables] = await selectRows<{ plans: number; zones: number }>(
      db,
      'SELECT (SELECT COUNT(*) FROM listing_plans) AS plans, (SELECT COUNT(*) FROM listing_zones) AS zones',
    );
    const rate = (records: number, ms: number) => records / (ms / 1_000);
    const vendorNote = `the simulated vendor alone takes ${seconds(vendorMs)} to send both feeds; a second loop without kafkajs reads ${Math.round(reading)} records/s`;
    return [
      {
        name: `sync: ${first.emitted} listings of two providers through Kafka to MySQL rows`,
        rawName: 'fetch, saxes, avsc and kafkajs, without rules, state and MySQL',
        raw: bare,
        ours: rate(first.emitted, storedMs),
        unit: 'records/s',
        bar: 0.1,
        ...peaks,
        notes: [
          `read, and acknowledged by Kafka: ${seconds(first.ms)}; all in MySQL: ${seconds(storedMs)}, with ${tables?.plans} plans and ${tables?.zones} zones as rows of their own`,
          vendorNote,
        ],
      },
      {
        name: `sync: ${second.unchanged} listings read again, none of them new`,
        rawName: 'fetch, saxes and avsc, without rules and state',
        raw: reading,
        ours: rate(second.unchanged, second.ms),
        unit: 'records/s',
        bar: 0.1,
        ...peaksAgain,
        notes: [`in ${seconds(second.ms)}; nothing was written to Kafka`],
      },
    ];
  } finally {
    await world.close();
    await vendor.close();
    await db.close();
    await database.close();
  }
}

async function discard(url: string): Promise<void> {
  await (await fetch(url)).arrayBuffer();
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const seconds = (millis: number) => `${(millis / 1_000).toFixed(1)} s`;
