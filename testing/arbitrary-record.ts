import type { AvroType, Field } from '@millrace/core/schema/avro-type';
import { formatDecimal } from '@millrace/core/schema/decimal';
import { ownFields } from '@millrace/core/schema/input-schema';
import { MAX_LONG, MIN_LONG } from '@millrace/core/schema/long-range';
import { matchAvro } from '@millrace/core/schema/match-avro';
import { parseStream } from '@millrace/core/schema/parse-stream';
import { formatInstant, formatInstantMicros } from '@millrace/core/schema/rfc3339';
import { shortestFloat } from '@millrace/core/schema/shortest-float';
import type { Stream } from '@millrace/core/schema/stream';
import { formatTimeOfDay } from '@millrace/core/schema/time-of-day';
import fc from 'fast-check';

type Json = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;
const logical = (type: string, logicalType: string, more: object = {}) => ({ type, logicalType, ...more });

/** An Avro type for each kind and logical type, by the name of its field. */
const types: Readonly<Record<string, unknown>> = {
  flag: 'boolean',
  small: 'int',
  large: 'long',
  single: 'float',
  real: 'double',
  text: 'string',
  raw: 'bytes',
  digest: { type: 'fixed', name: 'Digest', size: 4 },
  kind: { type: 'enum', name: 'Kind', symbols: ['A', 'value', 'then'] },
  id: logical('string', 'uuid'),
  day: logical('int', 'date'),
  clock: logical('int', 'time-millis'),
  clock_micros: logical('long', 'time-micros'),
  instant: logical('long', 'timestamp-millis'),
  instant_micros: logical('long', 'timestamp-micros'),
  money: logical('bytes', 'decimal', { precision: 20, scale: 2 }),
  all_digits: logical('bytes', 'decimal', { precision: 38, scale: 30 }),
  toll: logical('fixed', 'decimal', { name: 'Toll', size: 8, precision: 18, scale: 0 }),
  either: ['null', 'string', 'double', 'boolean'],
  tags: { type: 'array', items: ['null', 'string'] },
  prices: { type: 'map', values: logical('bytes', 'decimal', { precision: 10, scale: 4 }) },
  part: {
    type: 'record',
    name: 'Part',
    fields: [
      { name: 'toString', type: 'string' },
      { name: 'at', type: ['null', logical('long', 'timestamp-micros')], default: null },
      { name: 'sizes', type: { type: 'array', items: 'float' } },
    ],
  },
};

/** A stream with a field of every kind and logical type, each of them once more where it may be null. */
export function streamOfAllKinds(name: string): Stream {
  const fields = Object.entries(types).map(([field, type]) => ({ name: field, type }));
  const nullable = Object.entries(types)
    .filter(([, type]) => !Array.isArray(type))
    .map(([field, type]) => ({ name: `maybe_${field}`, type: ['null', nameOf(type) ?? type], default: null }));
  return parseStream(
    `${name}.avsc`,
    JSON.stringify({ type: 'record', name: 'AllKinds', fields: [...fields, ...nullable] }),
  );
}

/** A named type is defined once and then named. */
function nameOf(type: unknown): string | undefined {
  return typeof type === 'object' && type !== null && 'name' in type ? String(type.name) : undefined;
}

/** Records of a stream as they are posted, in the one form in which they come back, with values at every limit. */
export function arbitraryRecord(stream: Stream): fc.Arbitrary<Json> {
  return recordOf(ownFields(stream));
}

const recordOf = (fields: readonly Field[]): fc.Arbitrary<Json> =>
  fc.record(Object.fromEntries(fields.map((field) => [field.name, jsonOf(field.type)])));

const whole = (least: number, most: number) =>
  fc.oneof(
    fc.integer({ min: least, max: most }),
    fc.constantFrom(...new Set([least, most, Math.min(most, 0), Math.min(most, 1)])),
  );

/** Well-formed text, with what databases and files have been known to lose. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\ufeffmark',
    '\u0000',
    'a\u0000b',
    '😀',
    "it's",
    '\\',
    '"',
    '\r\n',
    '=1+1',
    'null',
    '\u2028',
    'é',
    'e\u0301',
  ),
);

const reals = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(
      0,
      1,
      5e-324,
      -5e-324,
      2.2250738585072014e-308,
      1e308,
      1.7976931348623157e308,
      984.7633333333333,
      98.20721435546875,
      0.1,
      2 ** 53,
      1e21,
      1e-7,
    ),
  )
  .map((value) => value + 0);

const singles = fc
  .oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(...[0, 0.1, 16_777_217, 3.4028234663852886e38, 1e-45, -1e-38].map(Math.fround)),
  )
  .map((value) => shortestFloat(value + 0));

const bytes = (size?: number) =>
  fc
    .uint8Array(size === undefined ? { maxLength: 40 } : { minLength: size, maxLength: size })
    .map((array) => Buffer.from(array).toString('base64'));

function decimals(precision: number, scale: number) {
  const most = 10n ** BigInt(precision) - 1n;
  return fc
    .oneof(fc.bigInt({ min: -most, max: most }), fc.constantFrom(0n, 1n, -1n, most, -most))
    .map((unscaled) => formatDecimal(unscaled, scale));
}

const instants = whole(Date.UTC(1000, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 999));
const instantMicros = whole(Date.UTC(1828, 0, 1) * 1_000, Date.UTC(2254, 11, 31, 23, 59, 59, 999) * 1_000 + 999);
const days = whole(Date.UTC(1000, 0, 1) / DAY_MS, Date.UTC(9999, 11, 31) / DAY_MS);

const jsonOf = (type: AvroType): fc.Arbitrary<unknown> =>
  matchAvro<fc.Arbitrary<unknown>>(type, {
    null: () => fc.constant(null),
    boolean: () => fc.boolean(),
    int: () => whole(-(2 ** 31), 2 ** 31 - 1),
    long: () => whole(MIN_LONG, MAX_LONG),
    float: () => singles,
    double: () => reals,
    string: () => texts,
    bytes: () => bytes(),
    fixed: ({ size }) => bytes(size),
    enum: ({ symbols }) => fc.constantFrom(...symbols),
    array: ({ items }) => fc.array(jsonOf(items), { maxLength: 4 }),
    map: ({ values }) => fc.dictionary(mapKeys, jsonOf(values), { maxKeys: 4, noNullPrototype: true }),
    record: ({ fields }) => recordOf(fields),
    union: ({ branches }) => fc.oneof(...branches.map(jsonOf)),
    uuid: () => fc.uuid(),
    date: () => days.map((day) => formatInstant(day * DAY_MS).slice(0, 10)),
    'time-millis': () => whole(0, DAY_MS - 1).map((millis) => formatTimeOfDay(millis * 1_000, 3)),
    'time-micros': () => whole(0, DAY_MS * 1_000 - 1).map((micros) => formatTimeOfDay(micros, 6)),
    'timestamp-millis': () => instants.map(formatInstant),
    'timestamp-micros': () => instantMicros.map(formatInstantMicros),
    decimal: ({ precision, scale }) => decimals(precision, scale),
  });

const mapKeys = fc.oneof(
  texts.filter((key) => key !== '__proto__'),
  fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '1', 'a b'),
);
