import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avscType, compileDecoder } from './avsc-type.ts';

const recordOf = (...fields: readonly object[]) => ({ type: 'record', name: 'Parts', fields }) as const;
const lists = [
  { name: 'tags', type: { type: 'array', items: 'string' } },
  { name: 'labels', type: { type: 'map', values: ['null', 'double'] } },
  { name: 'rows', type: { type: 'array', items: { type: 'array', items: 'int' } } },
  { name: 'nothings', type: { type: 'array', items: 'null' } },
];
const type = avscType(recordOf(...lists));
const decode = compileDecoder(type, type);
/** Of a schema that lacks these fields, so that they are skipped. */
const skip = compileDecoder(avscType(recordOf({ name: 'more', type: 'int', default: 1 })), type);

/** A zigzag varint of any size. */
function long(value: bigint): number[] {
  const bytes = [];
  let left = value >= 0n ? value * 2n : -value * 2n - 1n;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return [...bytes, Number(left)];
}

const values = fc.record({
  tags: fc.array(fc.string()),
  labels: fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.option(fc.double({ noNaN: true }))),
  rows: fc.array(fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))),
  nothings: fc.array(fc.constant(null)),
});

describe('arrays and maps of a decoded record', () => {
  it('come back as they were, a key named __proto__ among them', () => {
    fc.assert(
      fc.property(values, (value) => {
        const decoded = decode(type.toBuffer(value));

        expect({ ...decoded }).toEqual(value);
        expect(Object.entries(decoded.labels ?? {})).toEqual(Object.entries(value.labels));
        expect(skip(type.toBuffer(value)).more).toBe(1);
      }),
    );
  });

  it.each([1_000_000n, 2n ** 31n, 2n ** 40n, 2n ** 62n, -(2n ** 40n), -(2n ** 63n)])(
    'are refused at once when they claim %s elements that are not there, also where they are skipped',
    (count) => {
      for (const at of [0, 1, 2, 3]) {
        const bytes = Buffer.from([...Array(at).fill(0), ...long(count), 0, 0, 0, 0, 0, 0]);
        expect(() => decode(bytes)).toThrow('more elements than the value has bytes');
        expect(() => skip(bytes)).toThrow('more elements than the value has bytes');
      }
    },
  );

  it('are refused when many blocks of nulls add up', () => {
    const blocks = Array.from({ length: 100 }, () => long(5_000n)).flat();

    expect(() => decode(Buffer.from([0, 0, 0, ...blocks, 0]))).toThrow('more elements than the value has bytes');
  });

  it('are refused when a block says that it ends before it begins', () => {
    expect(() => skip(Buffer.from([...long(-1n), ...long(-2n)]))).toThrow();
  });

  it('decode or throw from any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const read of [decode, skip]) {
          try {
            read(Buffer.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
