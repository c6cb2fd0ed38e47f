import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compileInvalidValue } from './invalid-value.ts';
import { parseAvroRecord } from './parse-avro.ts';
import { parseStream } from './parse-stream.ts';

const logical = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
const inner = { type: 'record', name: 'Inner', fields: [{ name: 'weight', type: 'double' }] };
const decimal = logical('bytes', 'decimal', { precision: 3, scale: 1 });

/** A type, values of it that both services keep, and some that neither does. */
const cases: [string, unknown, unknown[], unknown[]][] = [
  ['double', 'double', [0, -0, 5e-324, -1.7976931348623157e308], [Number.NaN, Infinity, -Infinity]],
  ['float', 'float', [1.5], [Number.NaN, Infinity]],
  ['nullable double', ['null', 'double'], [null, 1], [Number.NaN]],
  ['int', 'int', [-(2 ** 31), 2 ** 31 - 1], [2 ** 31, 0.5]],
  ['long', 'long', [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER], [2 ** 53]],
  [
    'uuid',
    logical('string', 'uuid'),
    ['D290F1EE-6C54-4B01-90E6-D701748F0851'],
    ['', 'd290f1ee6c544b0190e6d701748f0851'],
  ],
  ['date', logical('int', 'date'), [-354_285, 2_932_896], [-354_286, 2_932_897]],
  ['time-millis', logical('int', 'time-millis'), [0, 86_399_999], [-1, 86_400_000]],
  ['time-micros', logical('long', 'time-micros'), [0, 86_399_999_999], [-1, 86_400_000_000]],
  [
    'timestamp-millis',
    logical('long', 'timestamp-millis'),
    [Date.parse('1000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')],
    [Date.parse('0999-12-31T23:59:59.999Z'), Date.parse('9999-12-31T23:59:59.999Z') + 1, -8.64e15],
  ],
  ['timestamp-micros', logical('long', 'timestamp-micros'), [0, -1], [2 ** 53]],
  [
    'decimal',
    decimal,
    [Buffer.from('03e7', 'hex'), Buffer.alloc(0)],
    [Buffer.from('03e8', 'hex'), Buffer.from('fc18', 'hex')],
  ],
  ['array', { type: 'array', items: 'double' }, [[], [1]], [[1, Number.NaN]]],
  ['map', { type: 'map', values: ['null', 'double'] }, [{}, { a: null }], [{ a: 1, b: Number.NaN }]],
  ['record', inner, [{ weight: 1 }], [{ weight: Number.NaN }]],
  ['union', ['null', 'double', 'string', inner], [null, 1, 'NaN', { weight: 1 }], [Number.NaN, { weight: Infinity }]],
];

describe('a decoded value', () => {
  it.each(cases)('has one verdict for every service: %s', (_, type, valid, invalid) => {
    const record = parseAvroRecord({ type: 'record', name: 'R', fields: [{ name: 'it', type }] });
    const faultOf = compileInvalidValue(record.fields);

    expect(valid.map((it) => faultOf({ it }))).toEqual(valid.map(() => undefined));
    expect(invalid.map((it) => faultOf({ it }))).toEqual(invalid.map(() => expect.stringMatching(/^it .+/)));
  });

  it.each<[string, (string | undefined)[]]>([
    ['upsert', ['k ends with a space', undefined, undefined, undefined]],
    ['append', [undefined, undefined, undefined, undefined]],
  ])('of an %s stream: a key that ends with a space', (store, faults) => {
    const schema = { type: 'record', name: 'R', stream: { key: 'k', store }, fields: [{ name: 'k', type: 'string' }] };
    const faultOf = compileInvalidValue(parseStream('r.avsc', JSON.stringify(schema)).fields);
    const rest = { event_id: randomUUID(), ingested_at: 0 };

    expect(['a ', ' a', '', 'a\t'].map((k) => faultOf({ k, ...rest }))).toEqual(faults);
  });
});
