import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { compileValidator } from '../schema/compile-validator.ts';
import { recordSchema } from '../schema/json-schema.ts';
import { parseAvroRecord } from '../schema/parse-avro.ts';
import { publicSchema } from './public-schema.ts';

const decimal = (precision: number, scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale });

/** An Avro type, what a field of it accepts, and what it does not. */
const cases: [string, unknown, unknown[], unknown[]][] = [
  [
    'a decimal',
    decimal(5, 2),
    ['0', '-12.3', '123.45', '0012.300', 12.5, -1],
    ['1234', '1.234', '.5', 'a', 1000, 1.234],
  ],
  ['a whole decimal', decimal(3, 0), ['999', '-1', '7.0', 7], ['1000', '1.5', 1.5]],
  ['a decimal below one', decimal(2, 2), ['0.99', '0', 0.5], ['1', '0.999']],
  ['bytes', 'bytes', ['', 'AQID', 'AQ==', 'AQI='], ['A', 'AQ', '****', 'AQ==AQ==', 5]],
  ['three bytes', { type: 'fixed', name: 'F', size: 3 }, ['AQID'], ['', 'AQ==', 'AQIDAQID']],
  ['four bytes', { type: 'fixed', name: 'F', size: 4 }, ['AQIDBA=='], ['AQID', 'AQIDBAU=']],
  ['five bytes', { type: 'fixed', name: 'F', size: 5 }, ['AQIDBAU='], ['AQIDBA==', 'AQIDBAUG']],
  [
    'a time of day',
    { type: 'int', logicalType: 'time-millis' },
    ['00:00:00', '23:59:59.999'],
    ['24:00:00', '7:30:00', '07:30', '07:30:00Z'],
  ],
  [
    'a date',
    { type: 'int', logicalType: 'date' },
    ['2026-03-14', '1000-01-01'],
    ['0999-01-01', '2026-13-01', '2026-3-1'],
  ],
  [
    'an instant',
    { type: 'long', logicalType: 'timestamp-millis' },
    ['2026-03-14T07:32:10Z', '2026-03-14t07:32:10.123456789+05:30'],
    ['0999-01-01T00:00:00Z', '2026-03-14T07:32:60Z', '2026-03-14 07:32:10Z', '2026-03-14T07:32:10'],
  ],
  [
    'an instant in microseconds',
    { type: 'long', logicalType: 'timestamp-micros' },
    ['2026-03-14T07:32:10.123456Z', '1828-01-01T00:00:00Z', '2254-12-31T23:59:59Z'],
    ['1827-12-31T23:59:59Z', '2255-01-01T00:00:00Z'],
  ],
  ['a map', { type: 'map', values: decimal(3, 1) }, [{}, { a: '1.5' }], [{ a: 'x' }, []]],
  ['a nullable enum', ['null', { type: 'enum', name: 'E', symbols: ['A'] }], [null, 'A'], ['B', 0]],
];

describe('publicSchema', () => {
  it.each(cases)('lets any JSON Schema tool decide about %s as the validator does', (_, type, good, bad) => {
    const schema = recordSchema(parseAvroRecord({ type: 'record', name: 'R', fields: [{ name: 'it', type }] }));
    const ours = compileValidator(schema);
    const anyone = new Ajv2020({ strict: false, validateFormats: false }).compile(publicSchema(schema));

    const accepted = [...good, ...bad].filter((it) => ours({ it }).length === 0);
    const acceptedByAnyone = [...good, ...bad].filter((it) => anyone({ it }));

    expect(accepted).toEqual(good);
    expect(acceptedByAnyone).toEqual(good);
  });
});
