import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { csvLine } from '@millrace/core/http/csv-line';
import type { Value } from '@millrace/core/schema/from-json';
import { expect, it, onTestFinished } from 'vitest';
import { placedEvents } from '../ask/placed-event.ts';
import { inMemory, streamOf } from '../test/in-memory.ts';
import { fullThing, openThings, runOf, sparseThing, things } from '../test/things.ts';
import { readHistory } from './read-history.ts';
import { csv, ndjson, spreadsheetCsv, type TextFormat } from './send-text.ts';
import { createWithParquet } from './with-parquet.ts';

const COUNT = 600;

/** Things of every kind of field, and what lookups answer about them. */
async function filled(given: Value = {}) {
  const bed = await openThings();
  const history = await bed.open();
  await history.append([
    await runOf(
      Array.from({ length: COUNT }, (_, n) => ({ ...(n % 3 === 0 ? sparseThing(n) : fullThing(n)), ...given })),
    ),
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
    await connection.runAndReadAll(`FROM read_csv($csvFile, all_varchar = true, allow_quoted_nulls = false)`, {
      csvFile,
    })
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

it('puts a mark before the cells of a CSV file that a spreadsheet would run, when asked to', async () => {
  const { pool, history } = await filled({ text: '=cmd()' });
  const page = (await readHistory(pool, history, {}).next()).value ?? [];
  const lineFor = (format: TextFormat) => page.slice(0, 1).map(format.line(things))[0];

  expect(lineFor(csv)).toContain(',=cmd(),');
  expect(lineFor(spreadsheetCsv)).toContain(",'=cmd(),");
});

it('writes instants of Parquet files as UTC in microseconds, at any depth, wherever the process runs', async () => {
  const micros = { type: 'long', logicalType: 'timestamp-micros' };
  const inner = { type: 'record', name: 'Inner', fields: [{ name: 'at', type: micros }] };
  const stream = streamOf('instants', [
    { name: 'at', type: ['null', micros], default: null },
    { name: 'many', type: { type: 'array', items: inner } },
  ]);
  const db = await inMemory();
  onTestFinished(() => db.close());
  const history = await db.create(stream);
  const posted = { at: '2026-07-01T00:00:00.000001Z', many: [{ at: '1969-12-31T23:59:59.999999Z' }] };
  await db.fill(history, [posted]);
  await db.pool.use((connection) => connection.run("SET TimeZone = 'America/Toronto'"));
  const connection = await reopened();
  const dir = await mkdtemp(join(tmpdir(), 'instants-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  let schema: unknown[] = [];
  let rows: unknown[] = [];

  await createWithParquet(db.pool, dir)(history.table, {}, new AbortController().signal, async (file) => {
    const types = await connection.runAndReadAll(
      `SELECT name, logical_type FROM parquet_schema($file) WHERE logical_type LIKE 'Timestamp%'`,
      { file },
    );
    schema = types.getRowsJson();
    rows = (await connection.runAndReadAll('FROM read_parquet($file)', { file })).getRows().map(placedEvents(stream));
  });

  const utc = expect.stringMatching(/isAdjustedToUTC=1.*MicroSeconds/);
  expect(schema).toEqual(['position_appended_at', 'at', 'at', 'ingested_at'].map((name) => [name, utc]));
  expect(rows).toEqual([expect.objectContaining(posted)]);
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
