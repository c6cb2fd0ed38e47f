import { type AvroType, type Field, withoutNull } from './avro-type.ts';
import { bytesToDecimal, formatDecimal } from './decimal.ts';
import type { Convert, Value } from './from-json.ts';
import { alike, matchAvro } from './match-avro.ts';
import { formatDate, formatInstant, formatInstantMicros } from './rfc3339.ts';
import { shortestFloat } from './shortest-float.ts';
import { formatTimeOfDay } from './time-of-day.ts';

/** Compiles the step from a decoded value to the JSON that people read: the inverse of `compileFromJson`. */
export function compileToJson(fields: readonly Field[]): (value: Readonly<Value>) => Value {
  const steps = fields.map(({ name, type }) => ({ name, convert: jsonConverter(type) }));
  return (value) => {
    const json: Value = {};
    for (const { name, convert } of steps) {
      const inner = value[name];
      json[name] = convert && inner !== null && inner !== undefined ? convert(inner) : inner;
    }
    return json;
  };
}

/** From one decoded value of the type to JSON; undefined where both are the same. Never called with null. */
export function jsonConverter(type: AvroType): Convert | undefined {
  return matchAvro<Convert | undefined>(type, {
    ...alike(['null', 'boolean', 'int', 'long', 'double', 'string', 'enum', 'uuid'], () => undefined),
    float: () => (value) => shortestFloat(Number(value)),
    ...alike(['bytes', 'fixed'], () => (value) => (Buffer.isBuffer(value) ? value.toString('base64') : value)),
    array: ({ items }) => {
      const item = orNull(jsonConverter(items));
      return item && ((value) => (Array.isArray(value) ? value.map((each) => item(each)) : value));
    },
    map: ({ values }) => {
      const convert = orNull(jsonConverter(values));
      return (value) => {
        const entries = Object.entries(value as Value);
        return Object.fromEntries(convert ? entries.map(([key, inner]) => [key, convert(inner)]) : entries);
      };
    },
    record: ({ fields }) => {
      const toJson = compileToJson(fields);
      return (value) => toJson(value as Value);
    },
    union: unionConverter,
    date: () => (value) => formatDate(Number(value)),
    'time-millis': () => (value) => formatTimeOfDay(Number(value) * 1000, 3),
    'time-micros': () => (value) => formatTimeOfDay(Number(value), 6),
    'timestamp-millis': () => (value) => formatInstant(Number(value)),
    'timestamp-micros': () => (value) => formatInstantMicros(Number(value)),
    decimal:
      ({ scale }) =>
      (value) =>
        Buffer.isBuffer(value) ? formatDecimal(bytesToDecimal(value), scale) : value,
  });
}

/** The value's own kind says which branch of a decoded union it is, as on the way in. */
function unionConverter(union: AvroType): Convert | undefined {
  const { type } = withoutNull(union);
  if (type.kind !== 'union') return jsonConverter(type);
  const byShape = new Map(type.branches.map((branch) => [avroShape(branch), jsonConverter(branch)]));
  return (value) => byShape.get(shapeOf(value))?.(value) ?? value;
}

type Shape = 'null' | 'boolean' | 'number' | 'string' | 'buffer' | 'array' | 'object' | 'union';

/** How a type's value stands in memory. */
export const avroShape = (type: AvroType): Shape =>
  matchAvro<Shape>(type, {
    null: () => 'null',
    boolean: () => 'boolean',
    ...alike(['int', 'long', 'float', 'double', 'date'], () => 'number'),
    ...alike(['time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], () => 'number'),
    ...alike(['string', 'enum', 'uuid'], () => 'string'),
    ...alike(['bytes', 'fixed', 'decimal'], () => 'buffer'),
    array: () => 'array',
    ...alike(['map', 'record'], () => 'object'),
    union: () => 'union',
  });

export function shapeOf(value: unknown) {
  if (Buffer.isBuffer(value)) return 'buffer';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'number' || kind === 'boolean' || kind === 'object' ? kind : 'string';
}

function orNull(convert: Convert | undefined): Convert | undefined {
  return convert && ((value) => (value === null ? null : convert(value)));
}
