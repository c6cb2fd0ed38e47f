import { avscType, compileDecoder } from '@millrace/core/schema/avsc-type';
import { parseStream } from '@millrace/core/schema/parse-stream';
import type { Stream } from '@millrace/core/schema/stream';
import type { Batch, ConsumedRecord } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import { createEncoder } from '@millrace/core/stream/wire-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openHistory } from '../store/open-history.ts';
import { openTables } from '../store/open-tables.ts';
import { fullThing, openThings, sparseThing, thingFromJson, things } from '../test/things.ts';
import { fastBlockReader } from './fast-block-reader.ts';
import { blockReader, type ReadBlock } from './read-block.ts';

const OWN_ID = 7;
const EARLIER_ID = 8;

/** A stream of plain fields that keeps the newest record of each key, so that it takes tombstones. */
const flat = parseStream(
  'flat.avsc',
  JSON.stringify({
    ...{ type: 'record', name: 'Flat', stream: { store: 'upsert', key: 'user', version: 'at' } },
    fields: [
      { name: 'user', type: { type: 'string', logicalType: 'uuid' } },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
      { name: 'text', type: ['null', 'string'], default: null },
      { name: 'number', type: 'double' },
      { name: 'day', type: ['null', { type: 'int', logicalType: 'date' }], default: null },
    ],
  }),
);
const flatValue = {
  ...{ user: '0b0f7c0e-5a44-4a13-9d0e-3d9f5b0f6a11', at: 1, text: 'text', number: 0.5, day: 7 },
  ...{ event_id: '0b0f7c0e-5a44-4a13-9d0e-3d9f5b0f6a12', trace_id: 'f'.repeat(32), source: 'test', ingested_at: 0 },
};

const seeds = new Map<Stream, readonly Buffer[]>([
  [things, [fullThing(1), sparseThing(2)].map((value) => encoded(things, thingFromJson(value)))],
  [flat, [encoded(flat, flatValue), encoded(flat, { ...flatValue, text: null, day: null })]],
]);

function encoded(stream: Stream, value: object): Buffer {
  return Buffer.from(createEncoder(avscType(stream.avro), OWN_ID)({ ...value }));
}

/** Anything that a client may write as a value: noise, noise behind a schema id, and good records with some bytes changed. */
function values(stream: Stream) {
  const noise = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes));
  const id = fc.oneof(fc.constantFrom(OWN_ID, EARLIER_ID, 0, 2 ** 31, 2 ** 32 - 1), fc.nat({ max: 2 ** 32 - 1 }));
  const framed = fc.tuple(id, noise).map(([schemaId, bytes]) => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(schemaId, 1);
    return Buffer.concat([head, bytes]);
  });
  const change = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 127, 128, 255)),
  );
  const changed = fc
    .tuple(fc.constantFrom(...(seeds.get(stream) ?? [])), fc.array(change, { maxLength: 8 }))
    .map(([good, changes]) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of changes) bytes[5 + Math.floor(at * (bytes.length - 5))] = byte;
      return bytes;
    });
  const cut = fc.tuple(changed, fc.nat({ max: 200 })).map(([bytes, length]) => bytes.subarray(0, length));
  return fc.oneof(noise, framed, cut, { arbitrary: changed, weight: 4 }, fc.constant(null));
}

function records(stream: Stream) {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
  const user = fc.constantFrom(Buffer.from(flatValue.user), Buffer.from('é\u0000"\\'), Buffer.from([0xff, 0xfe]));
  return fc.array(
    fc.record({
      key: fc.oneof(bytes, user, fc.constant(null)),
      value: values(stream),
      headers: fc.dictionary(fc.string(), fc.oneof(bytes, fc.array(bytes))),
      appendTime: fc.oneof(fc.integer({ min: 0, max: 2e12 }), fc.constantFrom(-1, -9.3e18, 9.3e18, 2 ** 53, 8.64e15)),
    }),
    { minLength: 1, maxLength: 12 },
  );
}

function readerOf(stream: Stream) {
  const own = avscType(stream.avro);
  const earlier = avscType({
    type: 'record',
    name: 'Earlier',
    fields: [{ name: 'tags', type: { type: 'array', items: 'string' } }],
  });
  const registry = {
    register: async () => OWN_ID,
    writerType: async (id: number) => (id === OWN_ID ? own : id === EARLIER_ID ? earlier : undefined),
  };
  const fast = fastBlockReader(stream, registry);
  const general = blockReader(stream, createDecoder(registry, stream));
  const readOne = async (batch: Batch) => ({ fast: await fast(batch, 0), general: await general(batch, 0) });
  return { readOne, decode: compileDecoder(own, own) };
}

const batchOf = (stream: Stream, fromOffset: bigint, given: readonly Omit<ConsumedRecord, 'offset'>[]): Batch => ({
  ...{ topic: stream.topic, partition: 3, fromOffset },
  records: given.map((record, i) => ({ ...record, offset: fromOffset + BigInt(i) })),
  ...{ nextOffset: fromOffset + BigInt(given.length), logEndOffset: fromOffset + BigInt(given.length) },
});

const double = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE));

it('takes every finite number and no other, in both ways of reading', async () => {
  const { readOne } = readerOf(flat);
  await fc.assert(
    fc.asyncProperty(double, async (number) => {
      const value = encoded(flat, { ...flatValue, number });

      const { fast, general } = await readOne(batchOf(flat, 0n, [{ key: null, value, headers: {}, appendTime: 5 }]));

      const isTaken = Number.isFinite(number);
      expect([fast !== undefined, general.block !== undefined]).toEqual([isTaken, isTaken]);
      expect(general.faults).toEqual(isTaken ? [] : ['number is not a finite number']);
    }),
    { numRuns: 200 },
  );
});

const outcomes = ({ block, faults, removals }: ReadBlock) =>
  (block?.times.length ?? 0) + faults.length + removals.length;

describe.each([
  ['of every kind of field', things],
  ['of plain fields, with tombstones', flat],
])('records of any bytes, in a stream %s', (_, stream) => {
  it('each get one outcome, the same in both ways of reading, and are stored', async () => {
    const { database, log } = await openThings();
    const tables = await openTables({ connection: database.writer, writerType: async () => undefined, log }, stream);
    const history = await openHistory(database, tables.serving);
    const { readOne } = readerOf(stream);
    let offset = 0n;

    await fc.assert(
      fc.asyncProperty(records(stream), async (given) => {
        const batch = batchOf(stream, offset, given);
        offset = batch.nextOffset;

        const { fast, general } = await readOne(batch);

        expect(outcomes(general)).toBe(given.length);
        expect(general.faults.every((fault) => fault.length > 0)).toBe(true);
        if (fast)
          expect([fast.faults, fast.end, fast.block?.offsets]).toEqual([[], general.end, general.block?.offsets]);
        for (const { block, removals } of [fast, general].flatMap((each) => each ?? [])) {
          if (block) await history.append([{ partition: 3, block, from: 0, to: block.times.length }]);
          if (removals.length > 0) await history.remove(removals);
        }
        expect(history.checkpoints.get(3)?.nextOffset ?? offset).toBeLessThanOrEqual(offset);
      }),
      { numRuns: 120 },
    );
    const reader = await database.writer.runAndReadAll(`SELECT * FROM "${tables.serving.table}"`);
    expect(reader.getRowsJson()).toHaveLength(Number(history.count()));
  });
});
