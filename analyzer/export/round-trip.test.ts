import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createLog } from '@millrace/core/log/create-log';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileFromJson, type Value } from '@millrace/core/schema/from-json';
import { parseStream } from '@millrace/core/schema/parse-stream';
import type { Batch } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { everyType, everyTypeSchema } from '@millrace/testing/every-type';
import { type Cell, readCsv } from '@millrace/testing/read-csv';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createFindEvents } from '../ask/find-events.ts';
import { type PlacedEvent, placedEvents } from '../ask/placed-event.ts';
import { createReaderPool } from '../ask/reader-pool.ts';
import { fastBlockReader } from '../read/fast-block-reader.ts';
import { blockReader } from '../read/read-block.ts';
import { openDatabase } from '../store/open-database.ts';
import { openHistory } from '../store/open-history.ts';
import { openTables } from '../store/open-tables.ts';
import { readHistory } from './read-history.ts';
import { csv, ndjson } from './send-text.ts';
import { createWithParquet } from './with-parquet.ts';

const COUNT = 400;
const SEED = 20_261_127;
const OWN_ID = 7;
const WITH_PARTS = ['raw', 'hash', 'price', 'sizes', 'ratios', 'prices', 'any', 'zones'];
const METADATA = { trace_id: 'a'.repeat(32), source: 'test', ingested_at: '2026-03-14T07:00:00.000Z' };

const posted: readonly Value[] = fc.sample(everyType, { numRuns: COUNT, seed: SEED }).map((json, n) => ({
  ...json,
  ...METADATA,
  event_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
}));

/** A history of records as they were posted, by way of their bytes in Kafka, and what of it is answered in each form. */
async function answered(schema: typeof everyTypeSchema, records: readonly Value[], isFast: boolean) {
  const stream = parseStream('every-type.avsc', JSON.stringify(schema));
  const type = avscType(stream.avro);
  const encode = createEncoder(type, OWN_ID);
  const fromJson = compileFromJson(stream.fields);
  const registry = { register: async () => OWN_ID, writerType: async () => type };
  const batch: Batch = {
    ...{ topic: stream.topic, partition: 0, fromOffset: 0n, nextOffset: BigInt(COUNT), logEndOffset: BigInt(COUNT) },
    records: records.map((json, n) => ({
      ...{ offset: BigInt(n), key: null, headers: {}, appendTime: 1_000, value: Buffer.from(encode(fromJson(json))) },
    })),
  };
  const read = isFast ? fastBlockReader(stream, registry) : blockReader(stream, createDecoder(registry, stream));
  const { block } = (await read(batch, 0)) ?? {};
  if (!block) throw new Error('all of these can be used');

  const dir = await mkdtemp(join(tmpdir(), 'round-trip-'));
  const log = createLog({ name: 'test', level: 'silent' });
  const database = await openDatabase({ file: join(dir, 'a.duckdb'), memoryLimit: '256MB', threads: 1, log });
  const pool = createReaderPool(database.connect, { size: 1, maxWaiting: 10, budgetMs: 60_000 });
  onTestFinished(async () => {
    await pool.close();
    database.close();
    await rm(dir, { recursive: true });
  });
  const tables = await openTables({ connection: database.writer, writerType: async () => type, log }, stream);
  const history = await openHistory(database, tables.serving);
  await history.append([{ partition: 0, block, from: 0, to: COUNT }]);

  const lookups = await createFindEvents(pool).from(history.table, 0n, COUNT);
  const events: PlacedEvent[] = [];
  for await (const page of readHistory(pool, history, {})) events.push(...page);
  const parquet: unknown[] = [];
  await createWithParquet(pool, join(dir, 'exports'))(history.table, {}, new AbortController().signal, async (file) => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll('FROM read_parquet($file)', { file });
    parquet.push(...reader.getRows().map(placedEvents(stream)));
    connection.closeSync();
    instance.closeSync();
  });
  return {
    lookups: lookups.map((event): unknown => withoutPlace(JSON.parse(JSON.stringify(event)))),
    ndjson: events.map((event): unknown => withoutPlace(JSON.parse(ndjson.line(stream)(event)))),
    parquet: parquet.map(withoutPlace),
    csv: readCsv([csv.header(stream), ...events.map(csv.line(stream))].join('')),
  };
}

function withoutPlace(event: unknown): unknown {
  if (typeof event !== 'object' || event === null) return event;
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'position'));
}

/** A value as a cell of CSV. */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function linesOf(records: readonly Value[], [header = []]: readonly Cell[][]): Cell[][] {
  return records.map((json) => header.slice(4).map((name) => cellOf(json[name ?? ''])));
}

it('every type at its limits comes back as posted, in lookups, NDJSON, CSV and Parquet', async () => {
  const { lookups, ndjson: lines, parquet, csv: cells } = await answered(everyTypeSchema, posted, false);

  expect(lookups).toEqual(posted);
  expect(lines).toEqual(posted);
  expect(parquet).toEqual(posted);
  expect(cells.slice(1).map((line) => line.slice(4).map(parsed))).toEqual(
    linesOf(posted, cells).map((line) => line.map(parsed)),
  );
});

it('so does what the fast path reads', async () => {
  const without = (json: Value): Value =>
    Object.fromEntries(Object.entries(json).filter(([name]) => !WITH_PARTS.includes(name)));
  const fields = everyTypeSchema.fields.filter(({ name }) => !WITH_PARTS.includes(name));
  const stream = { ...everyTypeSchema.stream, dimensions: ['kind'] };
  /** Longs beyond 2^52 are left to the general way. */
  const plain = posted.map(
    (json): Value => ({
      ...without(json),
      large: Math.floor(Number(json.large) / 4),
      moment: String(json.moment)
        .replace(/^2[12]/, '20')
        .replace('-02-29T', '-02-28T'),
    }),
  );

  const {
    lookups,
    ndjson: lines,
    parquet,
    csv: cells,
  } = await answered({ ...everyTypeSchema, stream, fields }, plain, true);

  expect(lookups).toEqual(plain);
  expect(lines).toEqual(plain);
  expect(parquet).toEqual(plain);
  expect(cells.slice(1).map((line) => line.slice(4))).toEqual(linesOf(plain, cells));
});

/** A cell with parts, whose keys may come in another order. */
function parsed(cell: Cell): unknown {
  return cell !== null && /^[[{]/.test(cell) ? tolerant(cell) : cell;
}

function tolerant(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}
