import { randomBytes } from 'node:crypto';
import { openDatabase } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { startStorage } from '@millrace/storage/harness/start-storage';
import { type FilledTopic, fillTopic } from '../analyzer/fill-topic.ts';
import { watchProcess } from '../receiver/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { rawInserts } from '../storage/raw-inserts.ts';
import { storedRate } from '../storage/stored-rate.ts';

const RECORDS = 300_000;

/** A filled topic into MySQL, rows and offsets together; beside it, mysql2 inserting the same rows into the same kind of table. */
export async function run(context: BenchContext): Promise<RowResult> {
  const topic = await fillTopic(context, RECORDS);
  const name = `millrace_bench_${randomBytes(4).toString('hex')}`;
  const server = openDatabase(context.databaseUrl, { poolSize: 1 });
  await server.raw(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const databaseUrl = context.databaseUrl.replace(/\/[^/]*$/, `/${name}`);
  const db = openDatabase(databaseUrl);
  try {
    const { rate, memory } = await store(context, topic, databaseUrl);
    const table = topic.stream.table;
    const [counted] = await selectRows<{ n: number }>(db, `SELECT COUNT(*) AS n FROM \`${table}\``);
    if (counted?.n !== RECORDS) throw new Error(`${counted?.n} of ${RECORDS} records are stored`);
    const raw: number[] = [];
    for (const connections of [1, 3]) {
      await db.raw(`CREATE TABLE raw_${connections} LIKE \`${table}\``);
      raw.push(await rawInserts(databaseUrl, `raw_${connections}`, RECORDS, connections));
    }
    return {
      name: 'storage: topic to MySQL, effectively once',
      rawName: '1,000-row inserts by mysql2',
      raw: Math.max(...raw),
      ours: rate,
      unit: 'rows/s',
      bar: 0.6,
      notes: [
        `${RECORDS} records over 3 partitions, one process, rows and offset in one transaction; memory at most ${memory} MB`,
        `mysql2 on one connection: ${Math.round(raw[0] ?? 0)} rows/s, on three: ${Math.round(raw[1] ?? 0)} rows/s; the faster is the raw figure`,
      ],
    };
  } finally {
    await db.close();
    await server.raw(`DROP DATABASE ${name}`);
    await server.close();
    await topic.remove();
  }
}

async function store({ kafkaBrokers, registryUrl }: BenchContext, topic: FilledTopic, databaseUrl: string) {
  const storage = await startStorage({
    kafkaBrokers: kafkaBrokers.join(','),
    registryUrl,
    databaseUrl,
    schemasDir: topic.schemasDir,
    groupPrefix: `${topic.stream.name}-`,
  });
  const watch = watchProcess(storage.url);
  const rate = await storedRate(databaseUrl, RECORDS);
  const memory = watch.peaks().residentMegabytes;
  await storage.stop();
  return { rate, memory };
}
