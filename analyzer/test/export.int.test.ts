import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it, onTestFinished } from 'vitest';
import { ask, type Placed, placedEvents, untilCounted, wholeHistory } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { ownStream, run } from './own-stream.ts';

const RECORDS = 20_000;
const BATCH = 500;

async function filled() {
  const own = await ownStream(2);
  const { name } = own.stream;
  const analyzer = await ownAnalyzer(own);
  const { url, lines } = await analyzer.start();
  for (let from = 0; from < RECORDS; from += BATCH)
    await own.produce(
      Array.from({ length: BATCH }, (_, i) => ({ partition: i % 2, key: null, value: own.encode(run(from + i)) })),
    );
  await untilCounted(url, name, RECORDS);
  return { url, name, lines, exportDir: join(analyzer.dataDir, 'analyzer', 'exports') };
}

it('exports what lookups answer, event by event, in every format; or the part of it in a range of event times', async () => {
  const { url, name, exportDir } = await filled();
  const events = placedEvents(await wholeHistory(url, name, RECORDS));
  const text = async (path: string) => (await fetch(`${url}/export/${path}`)).text();

  const ndjson = await text(`${name}.ndjson`);
  const csv = await text(`${name}.csv`);
  const parquet = await fetch(`${url}/export/${name}.parquet`);
  const range = 'from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z';
  const part = await text(`${name}.ndjson?${range}`);

  expect(lines(ndjson).map((line): unknown => JSON.parse(line))).toEqual(events);
  expect(await rowsOf(csv, 'csv')).toEqual(events.map(flat));
  expect(await rowsOf(Buffer.from(await parquet.arrayBuffer()), 'parquet')).toEqual(events.map(flat));
  const inRange = events.filter(({ timestamp }) => String(timestamp).startsWith('2026-03-02'));
  expect(lines(part).map((line): unknown => JSON.parse(line))).toEqual(inRange);
  expect(await readdir(exportDir)).toEqual([]);
});

it('leaves nothing behind when a client goes away in the middle', async () => {
  const { url, name, lines: log, exportDir } = await filled();

  for (const extension of ['csv', 'ndjson', 'parquet', 'parquet', 'csv', 'parquet']) {
    const stop = new AbortController();
    const asked = fetch(`${url}/export/${name}.${extension}`, { signal: stop.signal });
    if (extension !== 'parquet') await (await asked).body?.getReader().read();
    stop.abort();
    await asked.catch(() => undefined);
  }
  const { status } = await ask(url, `/stats?stream=${name}&measure=p95(distance)`);
  const left = await waitUntil(
    () => readdir(exportDir).catch(() => []),
    (files) => files.length === 0,
  );

  expect(status).toBe(200);
  expect(left).toEqual([]);
  expect(log.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
});

const lines = (text: string) => text.trimEnd().split('\n');

/** As DuckDB reads it back, every cell as text. */
async function rowsOf(content: string | Buffer, extension: 'csv' | 'parquet') {
  const folder = await mkdtemp(join(tmpdir(), 'export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, `history.${extension}`);
  await writeFile(file, content);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const time = (column: string) => `strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${column}`;
  const reader = await connection.runAndReadAll(
    `SELECT position_index::VARCHAR AS index, position_partition::VARCHAR AS "partition", position_offset::VARCHAR AS "offset",
      ${time('position_appended_at')}, event_id::VARCHAR AS event_id, duration::DOUBLE AS duration, ${time('timestamp')}
      FROM '${file}'`,
  );
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const flat = ({ event_id, duration, timestamp, position }: Placed) => ({
  index: String(position.index),
  partition: String(position.partition),
  offset: String(position.offset),
  position_appended_at: position.appended_at,
  event_id,
  duration,
  timestamp,
});
