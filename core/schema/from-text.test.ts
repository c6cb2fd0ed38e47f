import { describe, expect, it } from 'vitest';
import type { Field } from './avro-type.ts';
import { avscType } from './avsc-type.ts';
import { compileFromJson } from './from-json.ts';
import { compileFromText } from './from-text.ts';
import { parseAvroRecord } from './parse-avro.ts';
import { parseBound } from './rfc3339.ts';

const logical = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
const decimal = logical('bytes', 'decimal', { precision: 20, scale: 2 });
const millis = logical('long', 'timestamp-millis');
const micros = logical('long', 'timestamp-micros');
const symbols = { type: 'enum', name: 'E', symbols: ['A', 'value'] };

function fieldOf(type: unknown, more = {}): Field {
  const [field] = parseAvroRecord({ type: 'record', name: 'R', fields: [{ name: 'it', type, ...more }] }).fields;
  if (!field) throw new Error('a record has a field');
  return field;
}
const read = (type: unknown, text: string, more = {}) => compileFromText(fieldOf(type, more))(text);

describe('a text is the value that the same JSON would be', () => {
  it.each<[string, unknown, string, unknown]>([
    ['an offset is honoured', millis, '2026-03-14T11:00:00+01:00', '2026-03-14T10:00:00Z'],
    ['a + that a URL made a space', millis, '2026-03-14T11:00:00 01:00', '2026-03-14T10:00:00Z'],
    ['microseconds are kept', micros, '2026-03-14T11:00:00.000501-01:00', '2026-03-14T12:00:00.000501Z'],
    ['a long at its limit', 'long', '9007199254740990', 9007199254740990],
    ['a negative long at its limit', 'long', '-4503599627370496', -4503599627370496],
    ['a whole number with a point', 'int', '7.0', 7],
    ['a whole number with an exponent', 'int', '1e3', 1000],
    ['a float', 'float', '0.1', Math.fround(0.1)],
    ['a double', 'double', '984.7633333333333', 984.7633333333333],
    ['the smallest double', 'double', '5e-324', 5e-324],
    ['a decimal of all its digits', decimal, '123456789012345678.25', '123456789012345678.25'],
    ['a decimal with an exponent', decimal, '1e-2', '0.01'],
    [
      'a uuid in upper case',
      logical('string', 'uuid'),
      'D290F1EE-6C54-4B01-90E6-D701748F0851',
      'd290f1ee-6c54-4b01-90e6-d701748f0851',
    ],
    ['a date', logical('int', 'date'), '2024-02-29', '2024-02-29'],
    ['a time of day', logical('int', 'time-millis'), '07:32:10.2509', '07:32:10.250'],
    ['a time of day in micros', logical('long', 'time-micros'), '07:32:10.250125', '07:32:10.250125'],
    ['a symbol', symbols, 'value', 'value'],
    ['a boolean', 'boolean', 'false', false],
    ['a text with spaces and a mark', 'string', '\ufeff a ', '\ufeff a '],
    ['an empty text', 'string', '', ''],
    ['bytes', 'bytes', 'AP8=', 'AP8='],
    ['what is not null', ['null', 'int'], '7', 7],
  ])('%s', (_, type, text, json) => {
    const field = fieldOf(type);

    expect(read(type, text)).toEqual({ value: compileFromJson([field])({ it: json }).it });
  });
});

// biome-ignore format: a corpus
const notNumbers = [
  '', ' ', ' 1', '1 ', '+1', '0x10', '0b1', '1_000', '1,5', '.5', '5.', '01', '1e', '--1', 'NaN', 'Infinity', '-Infinity',
  '1e400', '-1e400', '١', '１', '1n', 'null', 'true', '[1]', '"1"', '1\u0000', '\ufeff1', '1\n',
];

describe('what is no value of the field is refused', () => {
  it.each(notNumbers)('the number %j', (text) => {
    expect(['int', 'long', 'float', 'double'].map((type) => 'fault' in read(type, text))).toEqual(Array(4).fill(true));
    if (!['+1', '01'].includes(text)) expect(read(decimal, text)).toHaveProperty('fault');
  });

  it.each<[string, unknown, string]>([
    ['a long that a double rounds', 'long', '9007199254740993'],
    ['a long whose fraction a double loses', 'long', '9007199254740990.4'],
    ['an int of 33 bits', 'int', '2147483648'],
    ['an int with a fraction', 'int', '1.5'],
    ['a whole number without end', 'long', `1e${'9'.repeat(400)}`],
    ['an exponent of many digits', decimal, '1e999999999'],
    ['a float that only a double holds', 'float', '1e39'],
    ['a decimal of too many places', decimal, '0.001'],
    ['a decimal of too many digits', decimal, '9'.repeat(19)],
    ['a boolean in another case', 'boolean', 'TRUE'],
    ['a boolean as a number', 'boolean', '1'],
    ['a symbol in another case', symbols, 'a'],
    ['a member of every object', symbols, 'toString'],
    ['a uuid without dashes', logical('string', 'uuid'), 'd290f1ee6c544b0190e6d701748f0851'],
    ['a time without offset', millis, '2026-03-14T11:00:00'],
    ['epoch milliseconds', millis, '1773473530000'],
    ['a leap second', millis, '2016-12-31T23:59:60Z'],
    ['a day', micros, '2026-03-14'],
    ['a year that micros lack', micros, '2300-01-01T00:00:00Z'],
    ['the 30th of February', logical('int', 'date'), '2026-02-30'],
    ['half of a surrogate pair', 'string', '\ud83d'],
    ['base64 without padding', 'bytes', 'AP8'],
    ['an array', { type: 'array', items: 'int' }, '[1]'],
    ['a map', { type: 'map', values: 'int' }, '{}'],
  ])('%s', (_, type, text) => {
    expect(read(type, text)).toHaveProperty('fault');
  });

  it('a text longer than its field, counted in characters', () => {
    expect(read('string', '😀😀', { maxLength: 2 })).toEqual({ value: '😀😀' });
    expect(read('string', '😀😀😀', { maxLength: 2 })).toEqual({ fault: 'must have at most 2 characters' });
  });
});

describe('a decimal or a number of a megabyte', () => {
  it.each(['0'.repeat(1e6), `${'0'.repeat(1e6)}1`, `1${'0'.repeat(1e6)}`, `0.${'0'.repeat(1e6)}1`, '9'.repeat(1e6)])(
    'is refused without being computed with',
    (text) => {
      const kinds = [decimal, 'long', 'int'];

      expect(kinds.map((type) => 'fault' in read(type, text))).toEqual([true, true, true]);
    },
  );
});

describe('parseBound', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:00.0005Z', 500n],
    ['1970-01-01T00:00:00.000000001Z', 1n],
    ['1970-01-01T00:00:00.999999999Z', 1_000_000n],
    ['1969-12-31T23:59:59.9999991Z', 0n],
    ['9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
    ['2026-03-14T11:00:00+01:00', 1_773_482_400_000_000n],
  ])('of %s is exact in microseconds', (text, bound) => {
    expect(parseBound(text)).toBe(bound);
  });
});

it('what a text gives is what avsc encodes', () => {
  const schema = { type: 'record', name: 'R', fields: [{ name: 'it', type: decimal }] } as const;

  const read0 = read(decimal, '-0.01');

  expect('value' in read0 && avscType(schema).isValid({ it: read0.value })).toBe(true);
});
