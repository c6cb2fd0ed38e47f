import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createRecordEncoder } from './record-encoder.ts';

const require = createRequire(import.meta.url);
const original = require('kafkajs/src/protocol/recordBatch/record/v0');
const decode = require('kafkajs/src/protocol/recordBatch/record/v0/decoder');
const Decoder = require('kafkajs/src/protocol/decoder');
const batch = { firstOffset: '0', firstTimestamp: '0', maxTimestamp: '0', timestampType: 0, magicByte: 2 };
const bytesOf = (encoded: unknown) => Buffer.from((encoded as { buffer: Buffer }).buffer);

const sizes = [0, 1, 63, 64, 127, 128, 8_191, 8_192, 70_000, 300_000];
const offsets = [0, 1, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 134_217_728];
const headers = [
  undefined,
  {},
  { traceparent: '00-4bf9-00f0-01' },
  { a: '', näme: 'wört €' },
  { a: Buffer.from([0, 255]), b: ['c', Buffer.from('d')], e: [] },
];

describe('createRecordEncoder', () => {
  const encode = createRecordEncoder(() => {
    throw new Error('asked the original');
  });

  it.each(sizes)('writes the bytes that kafkajs writes for values of %i bytes', (size) => {
    for (const offsetDelta of offsets) {
      for (const given of headers) {
        const record = {
          offsetDelta,
          timestampDelta: 0,
          key: Buffer.from('key'),
          value: Buffer.alloc(size, 7),
          headers: given,
        };
        expect(bytesOf(encode(record)).equals(bytesOf(original(record)))).toBe(true);
      }
    }
  });

  it.each([
    { key: null, value: Buffer.from('v') },
    { key: Buffer.from('k'), value: null },
    { key: null, value: null },
    { key: Buffer.alloc(0), value: Buffer.alloc(0) },
  ])('tells null from empty: %j', (keyAndValue) => {
    const record = { offsetDelta: 0, timestampDelta: 0, ...keyAndValue };

    expect(bytesOf(encode(record))).toEqual(bytesOf(original(record)));
  });

  it('writes headers without a value, which other clients do and kafkajs can not', () => {
    const record = { offsetDelta: 0, timestampDelta: 0, key: null, value: null };
    const headers = { none: null, list: [null, 'x'] };

    const decoder = new Decoder(bytesOf(encode({ ...record, headers })));
    const read = decode(new Decoder(decoder.readVarIntBytes()), batch);

    expect(read.headers).toEqual({ none: null, list: [null, Buffer.from('x')] });
  });

  it('does not touch a record it has given out', () => {
    const record = (text: string) => ({ offsetDelta: 0, timestampDelta: 0, key: null, value: Buffer.from(text) });
    const first = bytesOf(encode(record('first')));
    const held = encode(record('first'));
    for (let n = 0; n < 10_000; n += 1) encode(record(`another record ${n} of some length`));

    expect(bytesOf(held)).toEqual(first);
  });

  it.each([
    { offsetDelta: 0, timestampDelta: 5, key: null, value: null },
    { offsetDelta: 0, timestampDelta: 0, key: 'text', value: null },
    { offsetDelta: 0, timestampDelta: 0, key: null, value: 'text' },
  ])('leaves to kafkajs what is not plain: %j', (record) => {
    const fallback = createRecordEncoder(() => 'from kafkajs');

    expect(fallback(record)).toBe('from kafkajs');
  });
});
