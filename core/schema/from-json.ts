import type { AvroType, Field } from './avro-type.ts';
import { decimalToBytes, parseDecimal } from './decimal.ts';
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
    fallback: defaultOf(field),
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
  if (type.kind === 'union') return unionConverter(type.branches);
  if ('logical' in type && type.logical) {
    const { logical } = type;
    switch (logical.name) {
      case 'uuid':
        return (value) => String(value).toLowerCase();
      case 'date':
        return (value) => parseDate(String(value));
      case 'time-millis':
        return (value) => Math.floor((parseTimeOfDay(String(value)) ?? 0) / 1000);
      case 'time-micros':
        return (value) => parseTimeOfDay(String(value));
      case 'timestamp-millis':
        return (value) => parseInstant(String(value));
      case 'timestamp-micros':
        return (value) => parseInstantMicros(String(value));
      case 'decimal': {
        const size = type.kind === 'fixed' ? type.size : undefined;
        return (value) => decimalToBytes(parseDecimal(String(value), logical.precision, logical.scale) ?? 0n, size);
      }
    }
  }
  switch (type.kind) {
    case 'bytes':
    case 'fixed':
      return (value) => Buffer.from(String(value), 'base64');
    case 'array': {
      const item = converter(type.items);
      return item && ((value) => (Array.isArray(value) ? value.map(item) : value));
    }
    case 'map': {
      const convert = converter(type.values);
      return convert && ((value) => mapValues(value, convert));
    }
    case 'record': {
      const fromJson = compileFromJson(type.fields);
      return (value) => (isObject(value) ? fromJson(value) : value);
    }
    default:
      return undefined;
  }
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

/** How a type is written in JSON. */
export function jsonKind(type: AvroType): 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' {
  if ('logical' in type && type.logical) return 'string';
  switch (type.kind) {
    case 'null':
    case 'boolean':
    case 'array':
    case 'string':
      return type.kind;
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    case 'map':
    case 'record':
      return 'object';
    default:
      return 'string';
  }
}

function kindOf(value: unknown) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'boolean' || kind === 'number' || kind === 'object' ? kind : 'string';
}

/** Avro writes a default of bytes as a string of code points 0 to 255, and of every other type as the value itself. */
function defaultOf({ type, default: fallback }: Field): unknown {
  const first = type.kind === 'union' ? type.branches[0] : type;
  if ((first?.kind === 'bytes' || first?.kind === 'fixed') && typeof fallback === 'string')
    return Buffer.from(fallback, 'latin1');
  return fallback;
}

function mapValues(value: unknown, convert: Convert): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, convert(inner)]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
