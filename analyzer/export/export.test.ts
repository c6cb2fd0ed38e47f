import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { csvLine } from '@millrace/core/http/csv-line';
import { expect, it, onTestFinished } from 'vitest';
import { placedEvents } from '../ask/placed-event.ts';
import { fullThing, openThings, runOf, sparseThing, things } from '../test/things.ts';
import { readHistory } from './read-history.ts';
import { csv, ndjson } from './send-text.ts';
import { createWithParquet } from './with-parquet.ts';

const COUNT = 1_200;

/** Things of every kind of field, and what lookups answer about them. */
async function filled() {
  const bed = await openThings();
  const history = await bed.open();
  await history.append([
    await runOf(Array.from({ length: COUNT }, (_, n) => (n % 3 === 0 ? sparseThing(n) : fullThing(n)))),
  ]);
  return { ...bed, history, events: await bed.find.from(history.table, 0n, COUNT) };
}

async function reopened() {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return connection;
}

it('has the same values as lookups for every kind of field, in each format', async () => {
  const { pool, dir, history, events } = await filled();
  const read = [];
  for await (const page of readHistory(pool, history, {})) read.push(...page);
  const connection = await reopened();
  const csvFile = join(dir, 'things.csv');
  await writeFile(csvFile, [csv.header(things), ...read.map(csv.line(things))].join(''));
  const fromCsv = (
    await connection.runAndReadAll(`FROM read_csv($csvFile, all_varchar = true)`, { csvFile })
  ).getRows();
  const rows: unknown[] = [];
  await createWithParquet(pool, join(dir, 'exports'))(history.table, {}, new AbortController().signal, async (file) => {
    const reader = await connection.runAndReadAll('FROM read_parquet($file)', { file });
    rows.push(...reader.getRows().map(placedEvents(things)));
  });

  expect(read.map((event) => JSON.parse(ndjson.line(things)(event)))).toEqual(events);
  expect(rows).toEqual(events);
  expect(fromCsv.map((cells) => csvLine(cells))).toEqual(read.map(csv.line(things)));
  expect(await readdir(join(dir, 'exports'))).toEqual([]);
});

it('keeps to a range of event times', async () => {
  const { pool, history } = await filled();
  const at = BigInt(Date.parse(String(fullThing(0).ingested_at))) * 1_000n;

  const counts = [];
  for (const range of [{ from: at }, { from: at + 1n }, { to: at }, { from: at, to: at + 1n }]) {
    let count = 0;
    for await (const page of readHistory(pool, history, range)) count += page.length;
    counts.push(count);
  }

  expect(counts).toEqual([COUNT, 0, 0, COUNT]);
});

it('leaves no file of a client that has gone, nor of an earlier process', async () => {
  const { pool, dir, history } = await filled();
  await mkdir(join(dir, 'exports'));
  await writeFile(join(dir, 'exports', 'left.parquet'), 'half of a file');
  const gone = new AbortController();
  const withParquet = createWithParquet(pool, join(dir, 'exports'));
  let used = 0;

  const writing = withParquet(history.table, {}, gone.signal, async () => {
    used += 1;
  });
  gone.abort();
  await writing;

  expect(used).toBe(0);
  expect(await readdir(join(dir, 'exports'))).toEqual([]);
});
