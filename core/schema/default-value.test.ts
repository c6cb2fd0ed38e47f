import { describe, expect, it } from 'vitest';
import { avscType } from './avsc-type.ts';
import { compileFromJson } from './from-json.ts';
import { recordSchema } from './json-schema.ts';
import { parseAvroRecord } from './parse-avro.ts';
import { compileToJson } from './to-json.ts';

const decimal = { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 };
const inner = {
  type: 'record',
  name: 'Inner',
  fields: [
    { name: 'raw', type: 'bytes', default: '\u0001' },
    { name: 'price', type: decimal, default: '\u00ff' },
  ],
};
const recordOf = (type: unknown, fallback: unknown) =>
  ({ type: 'record', name: 'R', fields: [{ name: 'it', type, default: fallback }] }) as const;

describe('a default', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['bytes', 'bytes', '\u00ff', '/w=='],
    ['an array of bytes', { type: 'array', items: 'bytes' }, ['\u00ff', ''], ['/w==', '']],
    ['a map of bytes', { type: 'map', values: 'bytes' }, { a: '\u0000' }, { a: 'AA==' }],
    ['a nested record in full', inner, { raw: '\u0002', price: '\u0064' }, { raw: 'Ag==', price: '1.00' }],
    [
      'an array of nested records',
      { type: 'array', items: inner },
      [{ raw: 'A', price: 'd' }],
      [{ raw: 'QQ==', price: '1.00' }],
    ],
    ['a decimal', decimal, '\u00ff', '-0.01'],
    ['a union of bytes', ['bytes', 'null'], '\u00ff', '/w=='],
    ['a union of a decimal, in an array', { type: 'array', items: [decimal, 'null'] }, ['\u0001'], ['0.01']],
    ['a time', { type: 'long', logicalType: 'timestamp-millis' }, 0, '1970-01-01T00:00:00.000Z'],
    ['a date in a map', { type: 'map', values: { type: 'int', logicalType: 'date' } }, { a: 1 }, { a: '1970-01-02' }],
    ['an enum', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, 'B', 'B'],
  ])('fills in %s', (_, type, fallback, expected) => {
    const schema = recordOf(type, fallback);
    const { fields } = parseAvroRecord(schema);
    const avro = avscType(schema);

    const back = compileToJson(fields)(avro.fromBuffer(avro.toBuffer(compileFromJson(fields)({}))));

    expect(back.it).toEqual(expected);
    expect(recordSchema({ fields })).toMatchObject({ properties: { it: { default: expected } } });
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['a text for an int', 'int', 'x', /^field "it": the default "x" must be a whole number of 32 bits$/],
    ['an int of 33 bits', 'int', 2 ** 31, /must be a whole number of 32 bits/],
    ['a long that is rounded', 'long', 2 ** 53, /must be a whole number from/],
    ['a number for a text', 'string', 1, /must be a text/],
    ['bytes beyond 255', 'bytes', '\u0100', /code points 0 to 255/],
    ['a fixed of another size', { type: 'fixed', name: 'F', size: 2 }, 'a', /2 code points/],
    ['a symbol that is not there', { type: 'enum', name: 'E', symbols: ['A'] }, 'toString', /must be one of A$/],
    ['the second type of a union', ['null', 'string'], 'x', /must be null, the first type of the union/],
    ['a map with a key __proto__', { type: 'map', values: 'int' }, JSON.parse('{"__proto__":1}'), /key/],
    ['an element', { type: 'array', items: 'int' }, [1, 'x'], /^field "it"\[1\]: the default "x"/],
    ['a nested field', inner, { raw: 1, price: 'd' }, /^field "it"\.raw: the default 1/],
    ['a nested field that is not there', inner, { nope: 1 }, /names a field "nope"/],
    ['a uuid that is none', { type: 'string', logicalType: 'uuid' }, 'none', /must be a uuid/],
    ['a decimal of too many digits', decimal, '\u0027\u0010', /a decimal of at most 4 digits/],
    ['a day beyond the year 9999', { type: 'int', logicalType: 'date' }, 2 ** 31 - 1, /years 1000 to 9999/],
  ])('is refused when it is %s', (_, type, fallback, message) => {
    expect(() => parseAvroRecord(recordOf(type, fallback))).toThrow(message);
  });
});
