import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { createLog } from '@millrace/core/log/create-log';
import { expect, it, onTestFinished } from 'vitest';
import { createFindEvents } from '../ask/find-events.ts';
import { createReaderPool } from '../ask/reader-pool.ts';
import { asAnswered, fullThing, runOf, sparseThing, things } from '../test/things.ts';
import { type Database, openDatabase } from './open-database.ts';
import { openHistory } from './open-history.ts';
import { openTables } from './open-tables.ts';
import { loadWriterSchemas } from './writer-schemas.ts';

const log = createLog({ name: 'test', level: 'silent' });
/** Made by commit 2eec546: an epoch that answers and one that is being built beside it. */
const OLD_FILE = join(import.meta.dirname, '../test/files/format-2.duckdb.gz');

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'migrate-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

async function open(dir: string) {
  const database = await openDatabase({ file: join(dir, 'a.duckdb'), memoryLimit: '256MB', threads: 1, log });
  const pool = createReaderPool(database.connect, { size: 1, maxWaiting: 10, budgetMs: 10_000 });
  onTestFinished(async () => {
    await pool.close();
    database.close();
  });
  const tables = await openTables({ connection: database.writer, writerType: async () => undefined, log }, things);
  return { database, tables, find: createFindEvents(pool) };
}

/** Every shared table's columns and their types. */
async function layout({ writer }: Database) {
  const reader = await writer.runAndReadAll(
    `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE table_name LIKE '$%' ORDER BY ALL`,
  );
  return reader.getRows();
}

it('migrates a file of the first release in place: same epochs, numbers and checkpoints, and any schema id fits', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'a.duckdb'), gunzipSync(await readFile(OLD_FILE)));

  const { database, tables, find } = await open(dir);
  const history = await openHistory(database, tables.serving);
  const building = tables.building && (await openHistory(database, tables.building));

  expect([tables.serving.epoch, history.count(), tables.building?.epoch, building?.count()]).toEqual([0, 3n, 1, 1n]);
  expect(history.checkpoints.get(0)).toMatchObject({ nextOffset: 4n, orderTime: 1_700_000_000_000 });
  expect(history.checkpoints.get(0)?.last).toMatchObject({ offset: 3n, hash: expect.stringMatching(/^[\da-f]{64}$/) });
  for (const [index, value] of [fullThing(1), sparseThing(2), fullThing(3)].entries())
    expect(await find.at(history.table, BigInt(index))).toMatchObject(asAnswered(value));
  for (const id of [2 ** 31, 2 ** 32 - 1]) history.noteWriterSchema(id);
  expect(await history.append([await runOf([fullThing(2), fullThing(5)], 1_700_000_000_002, 5n)])).toBe(1);
  expect(await loadWriterSchemas(database.writer, 'things', 0)).toEqual(
    new Set([7, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]),
  );
  expect(await readdir(dir)).not.toContainEqual(expect.stringContaining('set-aside'));
});

it.each([
  ['a double that is NaN', `single = 'nan'`],
  ['a day before the year 1000', `day = '0999-12-31'`],
  ['an infinite number in a map', `labels = MAP {'weight': '-inf'::DOUBLE}`],
])('begins a new epoch for a stream that holds %s, which no replica numbers any more', async (_, change) => {
  const dir = await folder();
  await writeFile(join(dir, 'a.duckdb'), gunzipSync(await readFile(OLD_FILE)));
  const old = await DuckDBInstance.create(join(dir, 'a.duckdb'));
  const connection = await old.connect();
  await connection.run(`UPDATE "things$0" SET ${change} WHERE "$position" = 1`);
  connection.closeSync();
  old.closeSync();

  const { database, tables } = await open(dir);

  expect(tables.serving.epoch).toBeGreaterThan(0);
  expect(tables.building).toBeUndefined();
  expect((await openHistory(database, tables.serving)).checkpoints.get(0)?.nextOffset).not.toBe(4n);
});

it('gives a migrated file the tables that a new one has', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'a.duckdb'), gunzipSync(await readFile(OLD_FILE)));

  const migrated = await open(dir);
  const fresh = await open(await folder());

  expect(await layout(migrated.database)).toEqual(await layout(fresh.database));
});

it('sets a file aside whose format is not known, and begins a new one', async () => {
  const dir = await folder();
  const first = await openDatabase({ file: join(dir, 'a.duckdb'), memoryLimit: '256MB', threads: 1, log });
  await first.writer.run('UPDATE "$format" SET version = 99');
  first.close();

  const { database, tables } = await open(dir);

  expect((await openHistory(database, tables.serving)).count()).toBe(0n);
  expect(await readdir(dir)).toContainEqual(expect.stringContaining('set-aside'));
});
