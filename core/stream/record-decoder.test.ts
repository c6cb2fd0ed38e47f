import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createRecordDecoder } from './record-decoder.ts';

const require = createRequire(import.meta.url);
const encode = require('kafkajs/src/protocol/recordBatch/record/v0');
const Decoder = require('kafkajs/src/protocol/decoder');
const original = require('kafkajs/src/protocol/recordBatch/record/v0/decoder');

const batch = {
  ...{ firstOffset: '4503599627370496', firstTimestamp: '1700000000000', maxTimestamp: '1700000000123' },
  ...{ timestampType: 0, magicByte: 2, isControlBatch: false },
};
/** The bytes of one record, without the length before them. */
function recordOf(record: object) {
  const whole = new Decoder(encode({ offsetDelta: 0, timestampDelta: 0, key: null, value: null, ...record }).buffer);
  return new Decoder(whole.readVarIntBytes());
}

const records = [
  { value: Buffer.from('v') },
  { key: Buffer.from('k'), value: Buffer.alloc(0) },
  { key: Buffer.alloc(0), value: Buffer.alloc(70_000, 7), offsetDelta: 63, timestampDelta: 64 },
  { offsetDelta: 8_192, timestampDelta: -5_000_000_000, value: Buffer.alloc(64, 1) },
  { value: Buffer.from('v'), headers: { traceparent: '00-4bf9-00f0-01', näme: 'wört €', empty: '' } },
  { value: Buffer.from('v'), headers: { __proto__x: 'a' } },
  { value: Buffer.from('v'), headers: { a: ['b', 'c'], d: 'e' } },
];

describe('createRecordDecoder', () => {
  const decode = createRecordDecoder(() => {
    throw new Error('asked the original');
  });

  it.each(records)('reads what kafkajs reads: record %#', (record) => {
    for (const context of [batch, { ...batch, timestampType: 1 }, { ...batch, isControlBatch: true }])
      expect(decode(recordOf(record), context)).toEqual(original(recordOf(record), context));
  });

  it('takes no name of a header for more than a name, however often it comes', () => {
    for (const values of [['a'], ['a', 'b']]) {
      const { headers } = Object(decode(recordOf({ headers: Object.fromEntries([['__proto__', values]]) }), batch));

      expect(Object.keys(headers)).toEqual(['__proto__']);
      expect(String(Object.entries(headers)[0]?.[1])).toBe(values.join());
    }
  });

  it.each([
    ['an offset', recordOf({ offsetDelta: 5 }), { ...batch, firstOffset: '9007199254740990' }],
    ['a time', recordOf({ timestampDelta: 2 ** 52 }), { ...batch, firstTimestamp: '9007199254740990' }],
  ])('leaves to kafkajs %s past what a number holds', (_, record, context) => {
    expect(createRecordDecoder(() => 'from kafkajs')(record, context)).toBe('from kafkajs');
  });

  it.each([
    ['bytes that are missing', recordOf({ value: Buffer.alloc(9) }).buffer.subarray(0, -4)],
    ['more headers than it has bytes', Buffer.from([0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f])],
    ['a negative number of headers', Buffer.from([0, 0, 0, 1, 1, 1])],
    ['a header without a name', Buffer.from([0, 0, 0, 1, 1, 2, 1, 1])],
    ['nothing at all', Buffer.alloc(0)],
  ])('refuses a record with %s, and asks kafkajs nothing', (_, bytes) => {
    expect(() => decode(new Decoder(bytes), batch)).toThrow('a record is damaged');
  });
});
