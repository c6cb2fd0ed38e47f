import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@millrace/core/log/create-log';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileFromJson, type Value } from '@millrace/core/schema/from-json';
import { parseStream } from '@millrace/core/schema/parse-stream';
import { compileToJson } from '@millrace/core/schema/to-json';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFindEvents } from '../ask/find-events.ts';
import { createReaderPool } from '../ask/reader-pool.ts';
import { blockReader } from '../read/read-block.ts';
import { openDatabase } from './open-database.ts';
import { openHistory } from './open-history.ts';
import { openTables } from './open-tables.ts';

const ID = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const line = {
  type: 'record',
  name: 'Line',
  fields: [
    { name: 'sku', type: 'string' },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
  ],
};
const stream = parseStream(
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

const full = (n: number): Value => ({
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
const sparse = (n: number): Value => ({
  ...full(n),
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

async function opened() {
  const dir = await mkdtemp(join(tmpdir(), 'history-'));
  const log = createLog({ name: 'test', level: 'silent' });
  const database = await openDatabase({ file: join(dir, 'a.duckdb'), memoryLimit: '256MB', threads: 1, log });
  const pool = await createReaderPool(database.connect, 1);
  onTestFinished(async () => {
    pool.close();
    database.close();
    await rm(dir, { recursive: true });
  });
  const tables = { connection: database.writer, writerType: async () => undefined, log };
  const open = async () => openHistory(database, (await openTables(tables, stream)).serving);
  return { open, find: createFindEvents(pool) };
}

const type = avscType(stream.avro);
const fromJson = compileFromJson(stream.fields);
const read = blockReader(stream, async (values) =>
  values.map((bytes) => ({ value: type.fromBuffer(bytes ?? Buffer.alloc(0)) })),
);

async function runOf(values: readonly Value[], appendTime = 1_000, offset = 0n) {
  const records = values.map((value, i) => ({
    ...{ offset: offset + BigInt(i), appendTime, key: null, headers: {} },
    value: type.toBuffer(fromJson(value)),
  }));
  const nextOffset = offset + BigInt(values.length);
  const { block } = await read(
    { topic: 'things', partition: 0, fromOffset: offset, records, nextOffset, logEndOffset: nextOffset },
    0,
  );
  if (!block) throw new Error('all of these can be used');
  return { partition: 0, block, from: 0, to: values.length };
}

describe('a history', () => {
  it('gives every kind of field back as it came, across chunks and runs', async () => {
    const { open, find } = await opened();
    const history = await open();
    const values = Array.from({ length: 2_500 }, (_, n) => (n % 3 === 0 ? sparse(n) : full(n)));
    const run = await runOf(values);

    await history.append([
      { ...run, to: 1_000 },
      { ...run, from: 1_000 },
    ]);

    const toJson = compileToJson(stream.fields);
    for (const index of [0, 1, 999, 1_000, 2_047, 2_048, 2_499]) {
      const event = await find.at(history.table, BigInt(index));
      const expected = toJson(type.fromBuffer(type.toBuffer(fromJson(values[index] ?? {}))));
      expect(event).toEqual({
        ...expected,
        position: { index, partition: 0, offset: index, appended_at: '1970-01-01T00:00:01.000Z' },
      });
    }
    expect(history.count()).toBe(2_500n);
  });

  it('knows after it was opened anew what it has, how far it is, and which events not to count again', async () => {
    const { open } = await opened();
    const first = await open();
    await first.append([await runOf([full(1), full(2), full(1)])]);

    const second = await open();
    const numbered = await second.append([await runOf([full(2), full(3), full(3)], 2_000, 3n)]);

    expect(numbered).toBe(1);
    expect(second.count()).toBe(3n);
    expect(second.checkpoints.get(0)).toMatchObject({ nextOffset: 6n, orderTime: 2_000, last: { offset: 5n } });
  });

  it('counts an event id again once the window is over', async () => {
    const { open } = await opened();
    const history = await open();
    const week = 7 * 86_400_000;

    const counts = [];
    for (const [time, offset] of [
      [0, 0n],
      [week, 1n],
      [week + 1, 2n],
      [week * 2 + 2, 3n],
      [week * 5, 4n],
    ] as const)
      counts.push(await history.append([await runOf([full(1)], time, offset)]));

    expect(counts).toEqual([1, 0, 1, 1, 1]);
  });
});
