import { describe, expect, it } from 'vitest';
import { avscType } from './avsc-type.ts';
import { compileValidator } from './compile-validator.ts';
import { compileFromJson } from './from-json.ts';
import { recordSchema } from './json-schema.ts';
import { parseAvroRecord } from './parse-avro.ts';
import { compileToJson } from './to-json.ts';

const decimal = { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 };
const fixedDecimal = { type: 'fixed', name: 'Toll', size: 8, logicalType: 'decimal', precision: 12, scale: 4 };
const logical = (type: string, logicalType: string) => ({ type, logicalType });
const place = { type: 'record', name: 'Place', fields: [{ name: 'at', type: logical('long', 'timestamp-millis') }] };

/** An Avro type, and values of it as they come in and as they go out again. */
const cases: [string, unknown, [unknown, unknown][]][] = [
  ['int', 'int', [[-2147483648, -2147483648]]],
  [
    'long',
    'long',
    [
      [9007199254740990, 9007199254740990],
      [-4503599627370496, -4503599627370496],
    ],
  ],
  ['float', 'float', [[1.5, 1.5]]],
  [
    'double',
    'double',
    [
      [1e308, 1e308],
      [5e-324, 5e-324],
    ],
  ],
  [
    'string',
    'string',
    [
      ['', ''],
      ['a\u0000😀', 'a\u0000😀'],
    ],
  ],
  [
    'bytes',
    'bytes',
    [
      ['', ''],
      ['AP8=', 'AP8='],
    ],
  ],
  [
    'decimal',
    decimal,
    [
      ['-12.3', '-12.30'],
      [99999999.99, '99999999.99'],
      ['0', '0.00'],
    ],
  ],
  [
    'decimal in fixed',
    fixedDecimal,
    [
      ['-0.0001', '-0.0001'],
      [12345678, '12345678.0000'],
    ],
  ],
  [
    'nullable decimal',
    ['null', decimal],
    [
      [null, null],
      [-12.5, '-12.50'],
      ['7', '7.00'],
    ],
  ],
  [
    'decimal or null or array',
    [decimal, 'null', { type: 'array', items: decimal }],
    [
      [3, '3.00'],
      [[1.5], ['1.50']],
    ],
  ],
  [
    'decimal or double',
    [decimal, 'double'],
    [
      ['1.5', '1.50'],
      [1.5, 1.5],
    ],
  ],
  [
    'date',
    logical('int', 'date'),
    [
      ['1000-01-01', '1000-01-01'],
      ['9999-12-31', '9999-12-31'],
    ],
  ],
  ['time-millis', logical('int', 'time-millis'), [['23:59:59.9994', '23:59:59.999']]],
  ['time-micros', logical('long', 'time-micros'), [['00:00:00', '00:00:00.000000']]],
  [
    'timestamp-millis',
    logical('long', 'timestamp-millis'),
    [['1969-12-31T23:59:59.9999-01:00', '1970-01-01T00:59:59.999Z']],
  ],
  [
    'timestamp-micros',
    logical('long', 'timestamp-micros'),
    [
      ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
      ['2254-12-31T23:59:59.999999Z', '2254-12-31T23:59:59.999999Z'],
    ],
  ],
  [
    'uuid',
    logical('string', 'uuid'),
    [['D290F1EE-6C54-4B01-90E6-D701748F0851', 'd290f1ee-6c54-4b01-90e6-d701748f0851']],
  ],
  [
    'array of records',
    { type: 'array', items: place },
    [[[{ at: '2026-03-14T07:32:10Z' }], [{ at: '2026-03-14T07:32:10.000Z' }]]],
  ],
  ['map', { type: 'map', values: decimal }, [[{ constructor: '1' }, { constructor: '1.00' }]]],
];

describe('a value that the validator lets pass', () => {
  it.each(cases)('comes back from Avro as it was: %s', (_, type, values) => {
    const schema = { type: 'record', name: 'R', fields: [{ name: 'it', type }] } as const;
    const record = parseAvroRecord(schema);
    const validate = compileValidator(recordSchema(record));
    const avro = avscType(schema);
    const [fromJson, toJson] = [compileFromJson(record.fields), compileToJson(record.fields)];

    const faults = values.flatMap(([it]) => validate({ it }));
    const back = values.map(([it]) => toJson(avro.fromBuffer(avro.toBuffer(fromJson({ it })))).it);

    expect(faults).toEqual([]);
    expect(back).toEqual(values.map(([, it]) => it));
  });

  it.each([
    ['long', 'long', 9007199254740991],
    ['negative long', 'long', -4503599627370497],
    ['timestamp-micros', logical('long', 'timestamp-micros'), '9999-12-31T23:59:59Z'],
  ])('is never one that Avro can not hold: %s', (_, type, it) => {
    const validate = compileValidator(
      recordSchema(parseAvroRecord({ type: 'record', name: 'R', fields: [{ name: 'it', type }] })),
    );

    expect(validate({ it })).toHaveLength(1);
  });
});
