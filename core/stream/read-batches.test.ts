import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKafkajs } from './patch-kafkajs.ts';
import { type BytesDecoder, unreadableOf } from './read-batches.ts';
import { createRecordDecoder } from './record-decoder.ts';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder');
const encodeBatch = require('kafkajs/src/protocol/recordBatch/v0');
const RecordBatch = encodeBatch.RecordBatch ?? encodeBatch;
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0');
const original = require('kafkajs/src/protocol/recordBatch/record/v0/decoder');

loadKafkajs();
const readBatches = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages');

const createDecoder = (bytes: Buffer) => new Decoder(bytes);

/** As they come in the answer to a fetch: their length, then one after another. */
async function read(bytes: Buffer) {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  const records: { offset: string }[] = await readBatches(createDecoder(Buffer.concat([size, bytes])));
  return records.map((record) => ({ ...record, unreadable: unreadableOf(record) }));
}

async function batchOf(values: readonly Buffer[], firstOffset = 0): Promise<Buffer> {
  const records = values.map((value, offsetDelta) =>
    encodeRecord({ offsetDelta, timestampDelta: 0, key: null, value, headers: {} }),
  );
  const { buffer } = await RecordBatch({
    ...{ firstTimestamp: 1, maxTimestamp: 1, lastOffsetDelta: values.length - 1 },
    records,
  });
  const bytes = Buffer.from(buffer);
  bytes.writeBigInt64BE(BigInt(firstOffset));
  return bytes;
}

const ATTRIBUTES_AT = 21;
const COUNT_AT = 57;
const offsets = (records: readonly { readonly offset: string }[]) => records.map(({ offset }) => Number(offset));

describe('createBatchesReader', () => {
  it('reads batches one after another, and leaves out the last one where it is cut short', async () => {
    const [first, second] = [await batchOf([Buffer.from('a'), Buffer.from('b')]), await batchOf([Buffer.from('c')], 2)];

    expect(offsets(await read(Buffer.concat([first, second])))).toEqual([0, 1, 2]);
    expect(offsets(await read(Buffer.concat([first, second.subarray(0, -3)])))).toEqual([0, 1]);
    expect(await read(Buffer.alloc(0))).toEqual([]);
  });

  it.each([
    ['a codec that nobody knows', (bytes: Buffer) => bytes.writeInt16BE(6, ATTRIBUTES_AT), 'compression codec 6'],
    ['another format', (bytes: Buffer) => bytes.writeInt8(9, 16), 'format 9'],
    ['more records than may be', (bytes: Buffer) => bytes.writeInt32BE(2_000_000_000, COUNT_AT), '2000000000 records'],
    ['more records than it has bytes', (bytes: Buffer) => bytes.writeInt32BE(200_000, COUNT_AT), ''],
    ['gzip that is none', (bytes: Buffer) => bytes.writeInt16BE(1, ATTRIBUTES_AT), ''],
  ])('puts one record that says why in the place of a batch with %s, and reads the next', async (_, damage, reason) => {
    const damaged = await batchOf([Buffer.from('a'), Buffer.from('b')]);
    damage(damaged);

    const records = await read(Buffer.concat([damaged, await batchOf([Buffer.from('c')], 2)]));

    expect(offsets(records)).toEqual([1, 2]);
    expect(records[0]?.unreadable).toEqual({
      firstOffset: 0n,
      lastOffset: 1n,
      reason: expect.stringContaining(reason),
    });
    expect(records[1]?.unreadable).toBeUndefined();
  });

  it('puts a control record in the place of a batch whose records compaction has removed', async () => {
    const empty = (await batchOf([])).subarray(0, 61);
    empty.writeInt32BE(49, 8);
    empty.writeInt32BE(4, 23);

    expect(await read(empty)).toMatchObject([{ offset: '4', isControlRecord: true }]);
  });

  it('reads a batch of more records than a call can have arguments', async () => {
    const values = Array.from({ length: 200_000 }, () => Buffer.alloc(0));

    expect(await read(await batchOf(values))).toHaveLength(values.length);
  });

  it('answers whatever bytes there are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(Array.isArray(await read(Buffer.from(bytes)))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers whatever is changed about a batch that could be read, and stays within it', async () => {
    const whole = await batchOf([Buffer.from('first'), Buffer.from('second')]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        async (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of changes) bytes[at] = byte;
          expect(Array.isArray(await read(bytes))).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('createRecordDecoder, beside the decoder of kafkajs', () => {
  const ours = createRecordDecoder(original);
  const context = {
    ...{ firstOffset: '7', firstTimestamp: '1700000000000', maxTimestamp: '1700000000123' },
    ...{ timestampType: 0, magicByte: 2, isControlBatch: false },
  };
  const outcome = (decode: (record: BytesDecoder, batch: typeof context) => unknown, bytes: Uint8Array) => {
    try {
      return decode(createDecoder(Buffer.from(bytes)), context);
    } catch {
      return 'refused';
    }
  };

  it('reads any key, value and headers alike', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((given) => Buffer.from(given));
    const nameOfHeader = fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__' && !(name in {}));
    fc.assert(
      fc.property(
        fc.option(bytes),
        fc.option(bytes),
        fc.dictionary(nameOfHeader, fc.oneof(bytes, fc.array(bytes, { minLength: 2, maxLength: 3 }))),
        (key, value, headers) => {
          const whole = new Decoder(encodeRecord({ offsetDelta: 0, timestampDelta: 0, key, value, headers }).buffer);
          const record: Buffer = whole.readVarIntBytes();
          expect(outcome(ours, record)).toEqual(outcome(original, record));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  /** Not asked the other way round: of damaged bytes kafkajs believes a count of two thousand million headers. */
  it('reads from arbitrary bytes what kafkajs reads from them, or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const here = outcome(ours, bytes);
        if (here !== 'refused') expect(here).toEqual(outcome(original, bytes));
      }),
      { numRuns: 2_000 },
    );
  });
});
