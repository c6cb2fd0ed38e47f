import type { AvroType, Field } from './avro-type.ts';
import { decimalToBytes, parseDecimal } from './decimal.ts';
import { defaultValue } from './default-value.ts';
import { alike, matchAvro } from './match-avro.ts';
import { parseDate, parseInstant, parseInstantMicros } from './rfc3339.ts';
import { parseTimeOfDay } from './time-of-day.ts';

/** A record as avsc takes and gives it: times as numbers, bytes and decimals as Buffers, unions plain. */
export type Value = Record<string, unknown>;
export type Convert = (value: unknown) => unknown;

/**
 * Compiles the step from a *valid* JSON record to the value that avsc encodes, defaults filled in.
 * Fields are written in the order of the schema, so that all values of a stream share one hidden class.
 */
export function compileFromJson(fields: readonly Field[]): (json: Readonly<Record<string, unknown>>) => Value {
  const steps = fields.map((field) => ({
    name: field.name,
    /** A field named as something that every object inherits, such as `constructor`. */
    isInherited: field.name in Object.prototype,
    convert: converter(field.type),
    fallback: 'default' in field ? defaultValue(field.type, field.default, `field "${field.name}"`) : undefined,
  }));
  return (json) => {
    const value: Value = {};
    for (const { name, isInherited, convert, fallback } of steps) {
      const given = isInherited && !Object.hasOwn(json, name) ? undefined : json[name];
      value[name] = given === undefined ? fallback : convert ? convert(given) : given;
    }
    return value;
  };
}

/** Undefined where JSON and avsc agree. */
function converter(type: AvroType): Convert | undefined {
  return matchAvro<Convert | undefined>(type, {
    ...alike(['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'enum'], () => undefined),
    ...alike(['bytes', 'fixed'], () => (value) => Buffer.from(String(value), 'base64')),
    array: ({ items }) => {
      const item = converter(items);
      return item && ((value) => (Array.isArray(value) ? value.map((each) => item(each)) : value));
    },
    map: ({ values }) => {
      const convert = converter(values);
      return convert && ((value) => mapValues(value, convert));
    },
    record: ({ fields }) => {
      const fromJson = compileFromJson(fields);
      return (value) => (isObject(value) ? fromJson(value) : value);
    },
    union: ({ branches }) => unionConverter(branches),
    uuid: () => (value) => String(value).toLowerCase(),
    date: () => (value) => parseDate(String(value)),
    'time-millis': () => (value) => Math.floor((parseTimeOfDay(String(value)) ?? 0) / 1000),
    'time-micros': () => (value) => parseTimeOfDay(String(value)),
    'timestamp-millis': () => (value) => parseInstant(String(value)),
    'timestamp-micros': () => (value) => parseInstantMicros(String(value)),
    decimal:
      ({ precision, scale, size }) =>
      (value) =>
        decimalToBytes(parseDecimal(String(value), precision, scale) ?? 0n, size),
  });
}

/**
 * The branches of a union differ in their JSON kind (`parseUnion` sees to that), so the value's kind picks the branch.
 * A decimal may also come as a number, where no branch is one.
 */
function unionConverter(branches: readonly AvroType[]): Convert | undefined {
  const byKind = new Map(branches.map((branch) => [jsonKind(branch), converter(branch)]));
  const decimal = branches.find((branch) => 'logical' in branch && branch.logical?.name === 'decimal');
  if (decimal && !byKind.has('number')) byKind.set('number', converter(decimal));
  if ([...byKind.values()].every((convert) => convert === undefined)) return undefined;
  return (value) => byKind.get(kindOf(value))?.(value) ?? value;
}

type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** How a type is written in JSON. */
export const jsonKind = (type: AvroType): JsonKind =>
  matchAvro<JsonKind>(type, {
    null: () => 'null',
    boolean: () => 'boolean',
    ...alike(['int', 'long', 'float', 'double'], () => 'number'),
    ...alike(['string', 'bytes', 'fixed', 'enum', 'union', 'uuid', 'date', 'decimal'], () => 'string'),
    ...alike(['time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], () => 'string'),
    array: () => 'array',
    ...alike(['map', 'record'], () => 'object'),
  });

function kindOf(value: unknown) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'boolean' || kind === 'number' || kind === 'object' ? kind : 'string';
}

function mapValues(value: unknown, convert: Convert): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, convert(inner)]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
