import { selectRows } from '@millrace/core/database/run-sql';
import { waitUntil } from '@millrace/testing/wait-until';
import { type BenchWorld, withWorld } from '../bench-world.ts';
import { fillTopic } from '../fill-topic.ts';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { processorShares } from './processor-shares.ts';
import { rawInserts } from './raw-inserts.ts';
import { rawLoadData } from './raw-load-data.ts';
import { storedRate } from './stored-rate.ts';

/** Enough for a steady rate. */
const MOST_RAW_ROWS = 300_000;
const rate = (value: number | undefined) => `${Math.round(value ?? 0)} rows/s`;

/**
 * A filled topic into MySQL by `replicas` storage processes, rows and offsets together; beside it, mysql2 inserting the same rows
 * into the same kind of table. The clock starts once all processes share the partitions and the first rows are committed.
 */
export async function measureStorage(context: BenchContext, replicas: number, records: number): Promise<RowResult> {
  return withWorld(context, async (world) => {
    await fillTopic(world, records);
    const ours = await store(context, world, replicas, records);
    const { db, databaseUrl } = world;
    const { table } = world.stream();
    const [counted] = await selectRows<{ n: number }>(db, `SELECT COUNT(*) AS n FROM \`${table}\``);
    if (counted?.n !== records) throw new Error(`${counted?.n} of ${records} records are stored`);
    const measure = async (name: string, write: typeof rawInserts, connections: number) => {
      await db.raw(`CREATE TABLE ${name}_${connections} LIKE \`${table}\``);
      return write(databaseUrl, `${name}_${connections}`, Math.min(records, MOST_RAW_ROWS), connections);
    };
    const inserts = [await measure('inserted', rawInserts, 1), await measure('inserted', rawInserts, 3)];
    const loaded = [await measure('loaded', rawLoadData, 1), await measure('loaded', rawLoadData, 3)];
    return {
      name: `storage: topic to MySQL, effectively once, ${replicas === 1 ? '1 process' : `${replicas} processes`}`,
      rawName: '1,000-row inserts by mysql2',
      raw: Math.max(...inserts),
      ours: ours.rate,
      unit: 'rows/s',
      bar: 0.6,
      ...ours.peaks,
      notes: [
        `${records} records over 3 partitions, rows and offset in one transaction; of ${ours.measured} the time was taken`,
        `mysql2 on one connection: ${rate(inserts[0])}, on three: ${rate(inserts[1])}; the faster is the raw figure`,
        `LOAD DATA LOCAL of ready-made lines on one connection: ${rate(loaded[0])}, on three: ${rate(loaded[1])}`,
        ours.shares,
      ],
    };
  });
}

async function store(context: BenchContext, world: BenchWorld, replicas: number, records: number) {
  const storages = await Promise.all(Array.from({ length: replicas }, () => world.start('storage')));
  try {
    await waitUntil(
      () => world.admin.describeGroup(`${world.id}-storage`),
      ({ state, members }) => state === 'Stable' && members === replicas,
    );
    const watches = storages.map(({ url }) => watchProcess(url));
    const shares = await processorShares(
      context,
      storages.map(({ pid }) => pid),
    );
    const stored = await storedRate(world.databaseUrl, records);
    const peaks = watches.map((watch) => watch.peaks());
    return {
      ...stored,
      shares: await shares.end(stored.measured),
      peaks: {
        residentMegabytes: Math.max(...peaks.map(({ residentMegabytes }) => residentMegabytes)),
        loopDelayP99Ms: Math.max(...peaks.map(({ loopDelayP99Ms }) => loopDelayP99Ms)),
      },
    };
  } finally {
    await Promise.all(storages.map((storage) => storage.stop()));
  }
}
