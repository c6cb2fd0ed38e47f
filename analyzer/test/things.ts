import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@millrace/core/log/create-log';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileFromJson, type Value } from '@millrace/core/schema/from-json';
import { parseStream } from '@millrace/core/schema/parse-stream';
import { compileToJson } from '@millrace/core/schema/to-json';
import { onTestFinished } from 'vitest';
import { createFindEvents } from '../ask/find-events.ts';
import { createReaderPool } from '../ask/reader-pool.ts';
import { blockReader } from '../read/read-block.ts';
import { openDatabase } from '../store/open-database.ts';
import { openHistory } from '../store/open-history.ts';
import { openTables } from '../store/open-tables.ts';

/** The event id at `n`. */
const ID = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const line = {
  type: 'record',
  name: 'Line',
  fields: [
    { name: 'sku', type: 'string' },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
  ],
};
/** A stream with a field of every kind. */
export const things = parseStream(
  'things.avsc',
  JSON.stringify({
    type: 'record',
    name: 'Thing',
    fields: [
      { name: 'flag', type: 'boolean' },
      { name: 'small', type: ['null', 'int'], default: null },
      { name: 'large', type: 'long' },
      { name: 'single', type: 'float' },
      { name: 'text', type: ['null', 'string'], default: null },
      { name: 'raw', type: 'bytes' },
      { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
      { name: 'day', type: { type: 'int', logicalType: 'date' } },
      { name: 'clock', type: { type: 'int', logicalType: 'time-millis' } },
      { name: 'instant', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }], default: null },
      { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 3 } },
      { name: 'lines', type: { type: 'array', items: line } },
      { name: 'labels', type: { type: 'map', values: ['null', 'double'] } },
      { name: 'either', type: ['null', 'boolean', 'string'], default: null },
      {
        name: 'owner',
        type: [
          'null',
          { type: 'record', name: 'Owner', fields: [{ name: 'id', type: { type: 'string', logicalType: 'uuid' } }] },
        ],
        default: null,
      },
    ],
  }),
);

/** As it is posted, with every field set; the number shows in its id. */
export const fullThing = (n: number): Value => ({
  ...{
    flag: true,
    small: -7,
    large: -9_007_199_254_740_000,
    single: 0.5,
    text: 'a "quoted" 🦆 text, longer than twelve bytes',
  },
  ...{ raw: 'AAH/', kind: 'B', day: '1969-12-31', clock: '23:59:59.999', instant: '1999-12-31T23:59:59.123456Z' },
  ...{
    amount: '-12345678901234567.891',
    lines: [
      { sku: 'x', price: '1.50' },
      { sku: 'y', price: '-0.01' },
    ],
  },
  ...{ labels: { weight: 1.25, none: null }, either: true, owner: { id: ID(99) } },
  ...{
    event_id: ID(n),
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    source: 'test',
    ingested_at: '2026-03-14T07:32:10.001Z',
  },
});
export const sparseThing = (n: number): Value => ({
  ...fullThing(n),
  ...{
    flag: false,
    small: null,
    large: 0,
    text: null,
    raw: '',
    instant: null,
    lines: [],
    labels: {},
    either: null,
    owner: null,
  },
});

/** A history of things in a database file of its own, until the test ends. */
export async function openThings() {
  const dir = await mkdtemp(join(tmpdir(), 'history-'));
  const log = createLog({ name: 'test', level: 'silent' });
  const database = await openDatabase({ file: join(dir, 'a.duckdb'), memoryLimit: '256MB', threads: 1, log });
  const pool = createReaderPool(database.connect, { size: 1, maxWaiting: 10, budgetMs: 10_000 });
  onTestFinished(async () => {
    await pool.close();
    database.close();
    await rm(dir, { recursive: true });
  });
  const tables = { connection: database.writer, writerType: async () => undefined, log };
  const open = async () => openHistory(database, (await openTables(tables, things)).serving);
  return { open, pool, dir, database, log, find: createFindEvents(pool) };
}

const type = avscType(things.avro);
/** A thing as Avro has it, from what is posted. */
export const thingFromJson = compileFromJson(things.fields);
const read = blockReader(things, async (values) =>
  values.map((bytes) => ({ value: type.fromBuffer(bytes ?? Buffer.alloc(0)) })),
);

const toJson = compileToJson(things.fields);

/** The event as it is answered, after encoding to Avro and back. */
export const asAnswered = (value: Value) => toJson(type.fromBuffer(type.toBuffer(thingFromJson(value))));

/** Consecutive records of partition 0, as they are read from the topic. */
export async function runOf(values: readonly Value[], appendTime = 1_000, offset = 0n) {
  const records = values.map((value, i) => ({
    ...{ offset: offset + BigInt(i), appendTime, key: null, headers: {} },
    value: type.toBuffer(thingFromJson(value)),
  }));
  const nextOffset = offset + BigInt(values.length);
  const { block } = await read(
    { topic: 'things', partition: 0, fromOffset: offset, records, nextOffset, logEndOffset: nextOffset },
    0,
  );
  if (!block) throw new Error('all of these can be used');
  return { partition: 0, block, from: 0, to: values.length };
}
