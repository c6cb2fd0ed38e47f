import { describe, expect, it } from 'vitest';
import { avscType } from './avsc-type.ts';
import { compileValidator } from './compile-validator.ts';
import { compileFromJson } from './from-json.ts';
import { recordSchema } from './json-schema.ts';
import { parseAvroRecord } from './parse-avro.ts';

const logical = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
const recordOf = (type: unknown, more = {}) => ({ type: 'record', name: 'R', fields: [{ name: 'it', type, ...more }] });
const decimal = logical('bytes', 'decimal', { precision: 6, scale: 2 });
const nested = { type: 'record', name: 'Nested', fields: [{ name: 'n', type: 'int' }] };

/** The faults of JSON text, as it would arrive. */
const faultsOf = (schema: unknown, json: string) =>
  compileValidator(recordSchema(parseAvroRecord(schema)))(JSON.parse(json));
const faultsOfIt = (type: unknown, json: string, more = {}) => faultsOf(recordOf(type, more), `{"it":${json}}`);

describe('compileValidator refuses, with the place of it,', () => {
  it.each<[string, unknown, string]>([
    ['a long that a double rounds', 'long', '9007199254740993'],
    ['a negative long that a double rounds', 'long', '-9007199254740993'],
    ['a long with a fraction', 'long', '1.5'],
    ['a long beyond all numbers', 'long', '1e999'],
    ['an int of 33 bits', 'int', '2147483648'],
    ['an int below 32 bits', 'int', '-2147483649'],
    ['a number in quotes', 'int', '"1"'],
    ['a double beyond all numbers', 'double', '1e999'],
    ['a double below all numbers', 'double', '-1e999'],
    ['a float that only a double holds', 'float', '1e39'],
    ['null where it may not be', 'string', 'null'],
    ['a boolean in words', 'boolean', '"true"'],
    ['half of a surrogate pair', 'string', '"\\ud83d"'],
    ['the other half', 'string', '"a\\udc00b"'],
    ['a uuid with a digit too few', logical('string', 'uuid'), '"d290f1ee-6c54-4b01-90e6-d701748f085"'],
    ['a symbol that the enum lacks', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, '"C"'],
    ['the 30th of February', logical('int', 'date'), '"2026-02-30"'],
    ['the 29th of February of a common year', logical('int', 'date'), '"1900-02-29"'],
    ['a month 13', logical('int', 'date'), '"2026-13-01"'],
    ['a date with a time', logical('int', 'date'), '"2026-03-14T00:00:00Z"'],
    ['a time without offset', logical('long', 'timestamp-millis'), '"2026-03-14T07:32:10"'],
    ['hour 24', logical('long', 'timestamp-millis'), '"2026-03-14T24:00:00Z"'],
    ['a leap second', logical('long', 'timestamp-millis'), '"2016-12-31T23:59:60Z"'],
    ['an offset of 24 hours', logical('long', 'timestamp-millis'), '"2026-03-14T07:32:10+24:00"'],
    ['a day that is none in a time', logical('long', 'timestamp-millis'), '"2026-04-31T07:32:10Z"'],
    ['a space for the T', logical('long', 'timestamp-millis'), '"2026-03-14 07:32:10Z"'],
    ['epoch milliseconds', logical('long', 'timestamp-millis'), '1773473530000'],
    ['a year of five digits', logical('long', 'timestamp-millis'), '"12026-03-14T07:32:10Z"'],
    ['a year that DATETIME lacks', logical('long', 'timestamp-micros'), '"0999-12-31T23:59:59Z"'],
    ['a time of day past midnight', logical('int', 'time-millis'), '"24:00:00"'],
    ['base64 for URLs', 'bytes', '"-_-_"'],
    ['base64 without its padding', 'bytes', '"QQ"'],
    ['a fixed that is too short', { type: 'fixed', name: 'F', size: 2 }, '"QQ=="'],
    ['a decimal with too many places', decimal, '"1.234"'],
    ['a decimal with too many digits', decimal, '"12345.00"'],
    ['the sum of 0.1 and 0.2', decimal, '0.30000000000000004'],
    ['a decimal with an exponent too large', decimal, '"1e4"'],
    ['a decimal with an exponent too small', decimal, '1e-3'],
    ['a decimal with a comma', decimal, '"1,50"'],
    ['an empty decimal', decimal, '""'],
    ['an array for a record', nested, '[]'],
    ['an object for an array', { type: 'array', items: 'int' }, '{"0":1}'],
    ['what no branch of a union takes', ['null', 'string', 'int'], 'true'],
    ['a wrapped union', ['null', 'string'], '{"string":"a"}'],
    ['depth without end', 'string', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('%s', (_, type, json) => {
    expect(faultsOfIt(type, json).map(({ pointer }) => pointer)).toEqual(['/it']);
  });

  it.each<[string, unknown, string, string]>([
    ['an element', { type: 'array', items: 'int' }, '[1,"2",3]', '/it/1'],
    ['a null element', { type: 'array', items: 'int' }, '[null]', '/it/0'],
    ['a value of a map', { type: 'map', values: 'int' }, '{"a":1,"b/c~d":"2"}', '/it/b~1c~0d'],
    ['a key of a map', { type: 'map', values: 'int' }, '{"\\ud83d":1}', '/it/\ud83d'],
    ['__proto__ in a map', { type: 'map', values: 'int' }, '{"__proto__":1}', '/it/__proto__'],
    ['__proto__ in a record', nested, '{"n":1,"__proto__":{"n":2}}', '/it/__proto__'],
    ['a field of a nested record', nested, '{"n":"1"}', '/it/n'],
    ['a field missing in a nested record', nested, '{}', '/it/n'],
    ['a field unknown in a nested record', nested, '{"n":1,"m":2}', '/it/m'],
    ['a field in an optional record', ['null', nested], '{"n":"1"}', '/it/n'],
    ['an element of optional records', { type: 'array', items: ['null', nested] }, '[null,{"n":1.5}]', '/it/1/n'],
  ])('%s', (_, type, json, pointer) => {
    expect(faultsOfIt(type, json).map((fault) => fault.pointer)).toEqual([pointer]);
  });

  it('unknown fields by their names, whatever these are', () => {
    const faults = faultsOf(recordOf('int'), '{"it":1,"__proto__":1,"constructor":2,"a/b":3,"":4}');

    expect(faults.map(({ pointer }) => pointer)).toEqual(['/__proto__', '/constructor', '/a~1b', '/']);
    expect(faults.every(({ message }) => message === 'is not a field of this stream')).toBe(true);
  });

  it.each(['null', '1', '"text"', '[]', 'true'])('%s for the whole record', (json) => {
    expect(faultsOf(recordOf('int'), json)).toEqual([{ pointer: '', message: 'must be object' }]);
  });

  it.each<[string, unknown, string, object]>([
    ['a number below its minimum', 'double', '-0.1', { minimum: 0 }],
    ['a number above its maximum', 'int', '11', { maximum: 10 }],
    ['a text too short', 'string', '""', { minLength: 1 }],
    ['a text too long, counted in characters', 'string', '"😀😀😀"', { maxLength: 2 }],
    ['a text off its pattern', 'string', '"b"', { pattern: '^a' }],
    ['a decimal below its minimum', decimal, '"-0.01"', { minimum: 0 }],
    ['an optional number below its minimum', ['null', 'int'], '-1', { minimum: 0 }],
  ])('%s', (_, type, json, constraint) => {
    expect(faultsOfIt(type, json, constraint).map(({ pointer }) => pointer)).toEqual(['/it']);
  });
});

describe('compileValidator takes', () => {
  it.each<[string, unknown, string, object]>([
    ['an integer written with a point', 'long', '1.0', {}],
    ['an uppercase uuid', logical('string', 'uuid'), '"D290F1EE-6C54-4B01-90E6-D701748F0851"', {}],
    ['the 29th of February of a leap year', logical('int', 'date'), '"2000-02-29"', {}],
    ['lower-case t and z', logical('long', 'timestamp-millis'), '"2026-03-14t07:32:10z"', {}],
    ['nanoseconds', logical('long', 'timestamp-millis'), '"2026-03-14T07:32:10.123456789+05:30"', {}],
    ['an emoji as one character', 'string', '"😀😀"', { maxLength: 2 }],
    ['a decimal as a number', decimal, '12.34', {}],
    ['a decimal with an exponent', decimal, '"1.5e3"', {}],
    ['a small decimal', logical('bytes', 'decimal', { precision: 10, scale: 8 }), '0.0000001', {}],
    ['null in a nullable union', ['null', 'int'], 'null', { minimum: 0 }],
    ['a map with any other key', { type: 'map', values: 'int' }, '{"constructor":1,"":2,"a b":3}', {}],
    ['the largest double', 'double', '1.7976931348623157e308', {}],
  ])('%s', (_, type, json, more) => {
    expect(faultsOfIt(type, json, more)).toEqual([]);
  });

  it('fields named as what every object inherits, given or left out', () => {
    const fields = ['constructor', 'toString', 'hasOwnProperty'].map((name) => ({
      name,
      type: 'string',
      default: 'none',
    }));
    const schema = { type: 'record', name: 'R', fields } as const;
    const record = parseAvroRecord(schema);
    const fromJson = compileFromJson(record.fields);
    const type = avscType(schema);

    const roundTrip = (json: Record<string, unknown>) => ({ ...type.fromBuffer(type.toBuffer(fromJson(json))) });

    expect(faultsOf(schema, '{"toString":"given"}')).toEqual([]);
    expect(roundTrip({ toString: 'given' })).toEqual({
      constructor: 'none',
      toString: 'given',
      hasOwnProperty: 'none',
    });
  });
});

describe('compileValidator names', () => {
  const schema = {
    type: 'record',
    name: 'R',
    fields: ['a', 'b', 'c'].map((name) => ({ name, type: { type: 'array', items: 'int' } })),
  };

  it('every fault at once, in the order of the fields', () => {
    const faults = faultsOf(schema, '{"z":1,"c":["x","y"],"a":1}');

    expect(faults.map(({ pointer }) => pointer)).toEqual(['/a', '/b', '/c/0', '/c/1', '/z']);
  });

  it('only the first fault of a record too large to be looked through', () => {
    const faults = faultsOf(schema, `{"a":[],"b":[],"c":[${Array(20_000).fill('"x"').join(',')}]}`);

    expect(faults).toEqual([{ pointer: '/c/0', message: 'must be integer' }]);
  });

  it.each<[string, unknown, string, string, object]>([
    [
      'a number for a time',
      logical('long', 'timestamp-millis'),
      '5',
      'must be a text, an RFC 3339 date-time such as 2026-03-14T07:32:10Z',
      {},
    ],
    [
      'a leap second',
      logical('long', 'timestamp-millis'),
      '"2016-12-31T23:59:60Z"',
      'has a leap second, which no timestamp can hold',
      {},
    ],
    ['a number past a double', 'double', '-1e400', 'is a number beyond the range of a double', {}],
    ['a decimal past a double', decimal, '1e999999999', 'is a number beyond the range of a double', {}],
    [
      'no symbol, where null may be',
      ['null', { type: 'enum', name: 'E', symbols: ['A'] }],
      '"B"',
      'must be one of A, null',
      {},
    ],
    ['a text too long', 'string', '"😀😀😀"', 'must have at most 2 characters; it has 3', { maxLength: 2 }],
    ['a text too short', 'string', '"😀"', 'must have at least 2 characters; it has 1', { minLength: 2 }],
    [
      'a decimal out of its limits',
      decimal,
      '"-1"',
      'must be a decimal of at most 6 digits, 2 of them after the point, at least 0.5',
      { minimum: 0.5 },
    ],
  ])('what is wrong with %s', (_, type, json, message, more) => {
    expect(faultsOfIt(type, json, more)).toEqual([{ pointer: '/it', message }]);
  });

  it.each([
    ['"0.10"', { minimum: 0.1 }, 0],
    ['"0.09"', { minimum: 0.1 }, 1],
    ['"0.30"', { maximum: 0.3 }, 0],
    ['"0.31"', { maximum: 0.3 }, 1],
    ['"0.30"', { minimum: 0.301 }, 1],
    ['"-0.30"', { maximum: -0.301 }, 1],
    ['"-0.31"', { maximum: -0.301 }, 0],
  ])('a decimal %s against its exact limit %j', (json, limits, faults) => {
    expect(faultsOfIt(decimal, json, limits)).toHaveLength(faults);
  });

  it('a text off a pattern that would backtrack for ever', () => {
    const faults = faultsOfIt('string', `"${'a'.repeat(64)}!"`, { pattern: '^(a+)+$', maxLength: 100 });

    expect(faults.map(({ pointer }) => pointer)).toEqual(['/it']);
  });
});
