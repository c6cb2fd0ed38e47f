import { shortestFloat } from '@millrace/core/schema/shortest-float';
import fc from 'fast-check';

const logical = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
const price = logical('bytes', 'decimal', { precision: 30, scale: 4 });
const zone = {
  type: 'record',
  name: 'Zone',
  fields: [
    { name: 'label', type: ['null', 'string'], default: null },
    { name: 'size', type: 'double' },
    { name: 'ratio', type: 'float' },
  ],
};

/** A stream that has every Avro type and logical type, in columns, in JSON columns and in a child table. */
export const everyTypeSchema = {
  type: 'record',
  name: 'EveryType',
  namespace: 'test',
  stream: {
    path: '/every-type',
    time: 'at',
    dimensions: ['ratio', 'size', 'price', 'kind', 'flag', 'id', 'day', 'moment', 'label', 'small'],
  },
  fields: [
    { name: 'at', type: logical('long', 'timestamp-millis') },
    { name: 'flag', type: 'boolean' },
    { name: 'small', type: 'int' },
    { name: 'large', type: 'long' },
    { name: 'ratio', type: 'float' },
    { name: 'size', type: 'double' },
    { name: 'label', type: ['null', 'string'], default: null, maxLength: 60 },
    { name: 'text', type: 'string' },
    { name: 'raw', type: 'bytes' },
    { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 4 } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B', 'a'] } },
    { name: 'id', type: logical('string', 'uuid') },
    { name: 'day', type: logical('int', 'date') },
    { name: 'clock', type: logical('int', 'time-millis') },
    { name: 'fine_clock', type: logical('long', 'time-micros') },
    { name: 'moment', type: logical('long', 'timestamp-micros') },
    { name: 'price', type: price },
    { name: 'maybe', type: ['null', 'double'], default: null },
    { name: 'sizes', type: { type: 'array', items: 'double' } },
    { name: 'ratios', type: { type: 'map', values: 'float' } },
    { name: 'prices', type: { type: 'map', values: price } },
    { name: 'any', type: ['null', 'double', 'string', 'boolean'] },
    { name: 'zones', type: { type: 'array', items: zone }, table: 'every_type_zones' },
  ],
};

const bits = new DataView(new ArrayBuffer(8));
const EDGES = [
  984.7633333333333, 98.20721435546875, 5e-324, 2.225073858507201e-308, 1.7976931348623157e308, 0.1, 1e21, 1e22,
  123456789012345680000, -1e-7,
];

/** Any finite double by its bits; 0 for -0, which is the same number. */
const double = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...EDGES) },
  {
    weight: 9,
    arbitrary: fc.bigInt(0n, 2n ** 64n - 1n).map((n) => {
      bits.setBigUint64(0, n);
      const value = bits.getFloat64(0);
      return Number.isFinite(value) && value !== 0 ? value : 0;
    }),
  },
);
const float = fc.bigInt(0n, 2n ** 32n - 1n).map((n) => {
  bits.setUint32(0, Number(n));
  const value = bits.getFloat32(0);
  return Number.isFinite(value) && value !== 0 ? shortestFloat(value) : 0;
});
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }).filter((each) => each.isWellFormed()),
  fc.constantFrom('', ' ', 'a ', '\uFEFFa', '\u0000', '=1+1', 'a,"b"\r\nc', "'\\?:x", '😀', 'null', '0'),
);
const digits = (value: number, length: number) => String(value).padStart(length, '0');
const time = (places: 3 | 6) =>
  fc.integer({ min: 0, max: 86_399 }).chain((second) =>
    fc.integer({ min: 0, max: 10 ** places - 1 }).map((part) => {
      const clock = [Math.floor(second / 3_600), Math.floor(second / 60) % 60, second % 60].map((each) =>
        digits(each, 2),
      );
      return `${clock.join(':')}.${digits(part, places)}`;
    }),
  );
const instant = (from: string, to: string) =>
  fc
    .oneof(
      fc.constantFrom(Date.parse(from), Date.parse(to)),
      fc.integer({ min: Date.parse(from), max: Date.parse(to) }),
    )
    .map((millis) => new Date(millis).toISOString());
const micros = instant('1828-01-01T00:00:00Z', '2254-12-31T23:59:59.999Z').chain((iso) =>
  fc.integer({ min: 0, max: 999 }).map((rest) => iso.replace('Z', `${digits(rest, 3)}Z`)),
);
const decimal = fc.bigInt(-(10n ** 30n) + 1n, 10n ** 30n - 1n).map((unscaled) => {
  const whole = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(5, '0');
  return `${unscaled < 0n ? '-' : ''}${whole.slice(0, -4)}.${whole.slice(-4)}`;
});
const base64 = (bytes: fc.Arbitrary<Uint8Array>) => bytes.map((each) => Buffer.from(each).toString('base64'));
const mapOf = <Value>(values: fc.Arbitrary<Value>) =>
  fc.dictionary(
    fc.string({ minLength: 1, maxLength: 5 }).filter((key) => key !== '__proto__'),
    values,
    { maxKeys: 4, noNullPrototype: true },
  );

/** Records as they are posted, in the form in which they come back. */
export const everyType = fc.record({
  at: instant('1000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'),
  flag: fc.boolean(),
  small: fc.oneof(fc.constantFrom(-(2 ** 31), 2 ** 31 - 1), fc.integer()),
  large: fc.oneof(
    fc.constantFrom(-(2 ** 52), Number.MAX_SAFE_INTEGER - 1),
    fc.integer({ min: -(2 ** 52), max: 2 ** 53 - 2 }),
  ),
  ratio: float,
  size: double,
  label: fc.option(text),
  text,
  raw: base64(fc.uint8Array({ maxLength: 40 })),
  hash: base64(fc.uint8Array({ minLength: 4, maxLength: 4 })),
  kind: fc.constantFrom('A', 'B', 'a'),
  id: fc.uuid(),
  day: instant('1000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z').map((iso) => iso.slice(0, 10)),
  clock: time(3),
  fine_clock: time(6),
  moment: micros,
  price: decimal,
  maybe: fc.option(double),
  sizes: fc.array(double, { maxLength: 4 }),
  ratios: mapOf(float),
  prices: mapOf(decimal),
  any: fc.oneof(fc.constant(null), double, text, fc.boolean()),
  zones: fc.array(fc.record({ label: fc.option(text), size: double, ratio: float }), { maxLength: 3 }),
});
