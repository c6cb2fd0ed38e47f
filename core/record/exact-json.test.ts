import { describe, expect, it } from 'vitest';
import { compileValidator } from '../schema/compile-validator.ts';
import { compileFromJson } from '../schema/from-json.ts';
import { inputSchema, ownFields } from '../schema/input-schema.ts';
import { parseStream } from '../schema/parse-stream.ts';
import { compileToJson } from '../schema/to-json.ts';
import { compileParseExactly } from './exact-json.ts';

const decimal = (precision: number, scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale });
const optional = (name: string, type: unknown) => ({ name, type: ['null', type], default: null });
const stream = parseStream(
  'payments.avsc',
  JSON.stringify({
    type: 'record',
    name: 'Payment',
    fields: [
      optional('amount', decimal(20, 2)),
      optional('rate', decimal(12, 8)),
      optional('count', 'long'),
      optional('ratio', 'double'),
      optional('label', 'string'),
      { name: 'either', type: ['null', 'double', decimal(20, 2)], default: null },
      optional('lines', {
        type: 'array',
        items: { type: 'record', name: 'Line', fields: [{ name: 'price', type: decimal(20, 2) }] },
      }),
      optional('totals', { type: 'map', values: decimal(20, 2) }),
    ],
  }),
);
const parse = compileParseExactly(stream);
const validate = compileValidator(inputSchema(stream));
const fields = ownFields(stream);

/** What a record's JSON text comes back as, or the places where it is refused. */
function comesBack(text: string) {
  const json = parse(text, 'record') as Record<string, unknown>;
  const faults = validate(json);
  return faults.length > 0
    ? faults.map(({ pointer }) => pointer)
    : compileToJson(fields)(compileFromJson(fields)(json));
}

describe('a number in the text of a record', () => {
  it.each([
    ['{"amount":9007199254740993}', { amount: '9007199254740993.00' }],
    ['{"amount":-999999999999999999.99}', { amount: '-999999999999999999.99' }],
    ['{"amount":123456789012345678.250}', { amount: '123456789012345678.25' }],
    ['{"amount":1234567890123456789e-2}', { amount: '12345678901234567.89' }],
    ['{"amount":0.1}', { amount: '0.10' }],
    ['{"rate":0.0000001}', { rate: '0.00000010' }],
    ['{"rate":1e-7}', { rate: '0.00000010' }],
    ['{"count":9007199254740990}', { count: 9007199254740990 }],
    ['{"count":-4503599627370496}', { count: -4503599627370496 }],
    ['{"count":1000000000000000.0}', { count: 1000000000000000 }],
    ['{"ratio":984.7633333333333}', { ratio: 984.7633333333333 }],
    ['{"ratio":0.1000000000000000055511151231257827}', { ratio: 0.1 }],
    ['{"ratio":-1.7976931348623157e308}', { ratio: -1.7976931348623157e308 }],
    ['{"either":0.30000000000000004}', { either: 0.30000000000000004 }],
    ['{"either":"123456789012345678.25"}', { either: '123456789012345678.25' }],
    ['{"lines":[{"price":9007199254740993}]}', { lines: [{ price: '9007199254740993.00' }] }],
    [
      '{"totals":{"a":9007199254740993,"12345678901234567":1}}',
      { totals: { a: '9007199254740993.00', '12345678901234567': '1.00' } },
    ],
    [
      '{"label":"say \\"12345678901234567890\\" : 12345678901234567890"}',
      { label: 'say "12345678901234567890" : 12345678901234567890' },
    ],
    ['{"label":"\\\\","amount":9007199254740993}', { label: '\\', amount: '9007199254740993.00' }],
  ])('%s is read exactly', (text, expected) => {
    expect(comesBack(text)).toMatchObject(expected);
  });

  it.each([
    ['{"amount":0.1000000000000000055511151231257827}', ['/amount']],
    ['{"amount":99999999999999999999}', ['/amount']],
    ['{"count":9007199254740990.4}', ['/count']],
    ['{"count":9007199254740993}', ['/count']],
    ['{"count":1.00000000000000001}', ['/count']],
    ['{"label":12345678901234567890}', ['/label']],
    ['{"nope":12345678901234567890}', ['/nope']],
    ['{"__proto__":12345678901234567890,"amount":1}', ['/__proto__']],
    ['{"lines":[{"price":0.12345678901234567}]}', ['/lines/0/price']],
  ])('%s is refused rather than rounded', (text, pointers) => {
    expect(comesBack(text)).toEqual(pointers);
  });
});

describe('a text of several records', () => {
  it('is read exactly in lists and in the data of CloudEvents, whose other numbers stay numbers', () => {
    expect(parse('[{"amount":9007199254740993},{"ratio":12345678901234567}]', 'record')).toEqual([
      { amount: '9007199254740993' },
      { ratio: 12345678901234568 },
    ]);
    expect(parse('{"id":"a","n":12345678901234567,"data":{"amount":9007199254740993}}', 'event')).toEqual({
      ...{ id: 'a', n: 12345678901234568, data: { amount: '9007199254740993' } },
    });
  });

  it.each([
    '{"amount":0123456789012345678}',
    '{"amount":1234567890.1234567.8}',
    '{"amount":12345678901234567',
    '12345678901234567a',
  ])('%s is no JSON', (text) => {
    expect(() => parse(text, 'record')).toThrow(SyntaxError);
  });

  it('holds five million characters of text beside a long number', () => {
    const label = '\\"x'.repeat(1_000_000);

    expect(parse(`{"amount":9007199254740993,"label":"${label}"}`, 'record')).toMatchObject({
      amount: '9007199254740993',
    });
    expect(
      parse(`{"amount":9007199254740993,"label":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'record'),
    ).toBeDefined();
  });

  it('is only parsed where no field could lose a digit', () => {
    const plain = parseStream('plain.avsc', '{"type":"record","name":"P","fields":[{"name":"ratio","type":"double"}]}');

    expect(compileParseExactly(plain)('{"ratio":12345678901234567}', 'record')).toEqual({ ratio: 12345678901234568 });
  });
});
