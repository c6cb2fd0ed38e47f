import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { sentenceOf, verdictOf } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';

type Json = Record<string, unknown>;

const record = (fields: unknown[], more: Json = {}): Json => ({
  type: 'record',
  name: 'Ride',
  namespace: 'test',
  fields,
  ...more,
});
const field = (name: string, type: unknown, more: Json = {}): Json => ({ name, type, ...more });
const size = (symbols: string[], more: Json = {}): Json => ({ type: 'enum', name: 'Size', symbols, ...more });
const nested = (...fields: unknown[]): Json => ({ type: 'record', name: 'Zone', fields });

/** What avsc, which decodes every record in Millrace, says about reading one under the other. */
function reads(reader: Json, writer: Json): boolean {
  const compile = (schema: Json) =>
    avro.Type.forSchema(structuredClone(schema) as avro.Schema, {
      wrapUnions: 'never',
      logicalTypes: {},
      registry: {},
    });
  const [to, from] = [compile(reader), compile(writer)];
  try {
    to.createResolver(from);
    return true;
  } catch {
    return false;
  }
}

function oracle(before: Json, after: Json) {
  if (reads(after, before)) return reads(before, after) ? 'fully' : 'backward';
  return reads(before, after) ? 'forward' : 'not';
}

const a = field('a', 'string');

const cases: [string, Json, Json, string[]][] = [
  ['nothing changed', record([a]), record([a]), []],
  ['only words and order changed', record([a, field('b', 'int')]), record([field('b', 'int'), { ...a, doc: 'x' }]), []],
  [
    'a field with a default added',
    record([a]),
    record([a, field('pace', ['null', 'double'], { default: null })]),
    ['pace is new, with the default null: fully compatible.'],
  ],
  [
    'a field without a default added',
    record([a]),
    record([a, field('pace', 'double')]),
    [
      'pace is new, without a default: forward compatible only, as records written before do not have it (give it a default, or an alias if it was renamed).',
    ],
  ],
  [
    'a field removed',
    record([a, field('pace', 'double')]),
    record([a]),
    ['pace is gone: backward compatible only, as the earlier schema gives no default for it.'],
  ],
  [
    'a field that had a default removed',
    record([a, field('pace', 'double', { default: 0 })]),
    record([a]),
    ['pace is gone: fully compatible.'],
  ],
  [
    'a field renamed with an alias',
    record([a]),
    record([field('b', 'string', { aliases: ['a'] })]),
    [
      'b was named a, which is its alias: backward compatible only, as the earlier schema looks for a and gives no default for it.',
    ],
  ],
  [
    'a field renamed without an alias',
    record([a]),
    record([field('b', 'string')]),
    [
      'b is new, without a default: forward compatible only, as records written before do not have it (give it a default, or an alias if it was renamed).',
      'a is gone: backward compatible only, as the earlier schema gives no default for it.',
    ],
  ],
  [
    'a default added and one changed',
    record([a, field('b', 'int', { default: 1 })]),
    record([{ ...a, default: '' }, field('b', 'int', { default: 2 })]),
    [
      'a changed from no default to default "": fully compatible.',
      'b changed from default 1 to default 2: fully compatible.',
    ],
  ],
  [
    'a type that is promoted',
    record([field('a', 'float')]),
    record([field('a', 'double')]),
    ["a changed from float to double: backward compatible only, as double can't be read as float."],
  ],
  [
    'a type that is narrowed',
    record([field('a', 'long')]),
    record([field('a', 'int')]),
    ["a changed from long to int: forward compatible only, as what was written as long can't be read as int."],
  ],
  [
    'a type that is another one',
    record([field('a', 'string')]),
    record([field('a', 'double')]),
    [
      "a changed from string to double: not compatible either way, as what was written as string can't be read as double, and double can't be read as string.",
    ],
  ],
  [
    'string and bytes, which read as each other',
    record([field('a', 'string')]),
    record([field('a', 'bytes')]),
    ['a changed from string to bytes: fully compatible.'],
  ],
  [
    'an enum symbol removed',
    record([field('a', size(['S', 'M', 'L']))]),
    record([field('a', size(['S', 'M']))]),
    ['a no longer allows L: forward compatible only, as records that hold it could not be read.'],
  ],
  [
    'an enum symbol removed where a default stands for it',
    record([field('a', size(['S', 'M', 'L'], { default: 'S' }))]),
    record([field('a', size(['S', 'M'], { default: 'S' }))]),
    ['a no longer allows L: fully compatible.'],
  ],
  [
    'an enum symbol added',
    record([field('a', size(['S']))]),
    record([field('a', size(['S', 'M']))]),
    ['a also allows M: backward compatible only, as the earlier enum has no default to read it as.'],
  ],
  [
    'a field that may now be null',
    record([a]),
    record([field('a', ['null', 'string'])]),
    ["a may now also be null: backward compatible only, as the earlier schema can't read null."],
  ],
  [
    'a union narrowed',
    record([field('a', ['null', 'string', 'double'])]),
    record([field('a', ['null', 'string'])]),
    ['a may no longer be double: forward compatible only, as records that hold double could not be read.'],
  ],
  [
    'a union branch promoted',
    record([field('a', ['null', 'float'])]),
    record([field('a', ['null', 'double'])]),
    ["a changed from float to double: backward compatible only, as double can't be read as float."],
  ],
  [
    'a field of a nested record in an array',
    record([field('zones', { type: 'array', items: nested(field('price', 'int')) })]),
    record([field('zones', { type: 'array', items: nested(field('price', 'double'), field('name', 'string')) })]),
    [
      "zones[].price changed from int to double: backward compatible only, as double can't be read as int.",
      'zones[].name is new, without a default: forward compatible only, as records written before do not have it (give it a default, or an alias if it was renamed).',
    ],
  ],
  [
    'the values of a map',
    record([field('labels', { type: 'map', values: 'string' })]),
    record([field('labels', { type: 'map', values: ['null', 'string'] })]),
    ["labels{} may now also be null: backward compatible only, as the earlier schema can't read null."],
  ],
  [
    'a fixed of another size',
    record([field('a', { type: 'fixed', name: 'Hash', size: 16 })]),
    record([field('a', { type: 'fixed', name: 'Hash', size: 32 })]),
    [
      "a changed from fixed test.Hash of 16 bytes to fixed test.Hash of 32 bytes: not compatible either way, as what was written as fixed test.Hash of 16 bytes can't be read as fixed test.Hash of 32 bytes, and fixed test.Hash of 32 bytes can't be read as fixed test.Hash of 16 bytes.",
    ],
  ],
  [
    'the record renamed with an alias',
    record([a]),
    record([a], { name: 'Trip', aliases: ['Ride'] }),
    [
      'the record is now named test.Trip, before test.Ride: backward compatible only, as the earlier schema does not know the new name.',
    ],
  ],
];

describe('compareSchemas', () => {
  it.each(cases)('%s', (_, before, after, sentences) => {
    const changes = compareSchemas(before, after);

    expect(changes.map(sentenceOf)).toEqual(sentences);
    expect(verdictOf(changes)).toBe(oracle(before, after));
  });

  it('agrees with the decoder about every pair of types that a field may change between', () => {
    const types: unknown[] = [
      ...['boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'],
      ...[
        ['null', 'string'],
        ['string', 'null'],
        ['null', 'int'],
        ['null', 'double'],
        ['int', 'string'],
        ['string', 'double', 'null'],
      ],
      ...[
        size(['S', 'M']),
        size(['M', 'S', 'L']),
        size(['L'], { default: 'L' }),
        { ...size(['S', 'M']), name: 'Fit', aliases: ['Size'] },
      ],
      ...[
        { type: 'array', items: 'int' },
        { type: 'array', items: 'long' },
        { type: 'map', values: 'int' },
        { type: 'map', values: 'string' },
      ],
      ...[
        nested(field('x', 'int')),
        nested(field('x', 'long')),
        nested(field('y', 'int', { default: 1 })),
        nested(field('x', 'int'), field('y', 'int')),
      ],
      ...[
        { type: 'fixed', name: 'Hash', size: 4 },
        { type: 'fixed', name: 'Hash', size: 8 },
        ['null', nested(field('x', 'int'))],
        ['null', size(['S'])],
      ],
    ];
    const pairs = types.flatMap((before) =>
      types.map((after) => [record([field('a', before)]), record([field('a', after)])] as const),
    );

    const disagreements = pairs.filter(
      ([before, after]) => verdictOf(compareSchemas(before, after)) !== oracle(before, after),
    );

    expect(pairs.length).toBeGreaterThan(600);
    expect(disagreements).toEqual([]);
  }, 30_000);

  it('refuses a changed logical type, which the decoder would not notice', () => {
    const at = (logicalType: string) => record([field('at', { type: 'long', logicalType })]);

    const changes = compareSchemas(at('timestamp-millis'), at('timestamp-micros'));

    expect(changes.map(sentenceOf)).toEqual([
      'at changed from timestamp-millis (long) to timestamp-micros (long): not compatible either way, as the same bytes would mean another value.',
    ]);
  });

  it('ends on a schema that holds itself', () => {
    const tree = (type: string) => record([field('value', type), field('next', ['null', 'Ride'])]);

    expect(compareSchemas(tree('int'), tree('long')).map(({ path }) => path)).toEqual(['value']);
  });
});
