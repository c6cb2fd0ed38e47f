import { type AvroType, type Field, withoutNull } from './avro-type.ts';
import { bytesToDecimal, formatDecimal } from './decimal.ts';
import type { Convert, Value } from './from-json.ts';
import { formatDate, formatInstant, formatInstantMicros } from './rfc3339.ts';
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
  if (type.kind === 'union') return unionConverter(type);
  if ('logical' in type && type.logical) {
    const { logical } = type;
    switch (logical.name) {
      case 'uuid':
        return undefined;
      case 'date':
        return (value) => formatDate(Number(value));
      case 'time-millis':
        return (value) => formatTimeOfDay(Number(value) * 1000, 3);
      case 'time-micros':
        return (value) => formatTimeOfDay(Number(value), 6);
      case 'timestamp-millis':
        return (value) => formatInstant(Number(value));
      case 'timestamp-micros':
        return (value) => formatInstantMicros(Number(value));
      case 'decimal':
        return (value) => (Buffer.isBuffer(value) ? formatDecimal(bytesToDecimal(value), logical.scale) : value);
    }
  }
  switch (type.kind) {
    case 'bytes':
    case 'fixed':
      return (value) => (Buffer.isBuffer(value) ? value.toString('base64') : value);
    case 'array': {
      const item = orNull(jsonConverter(type.items));
      return item && ((value) => (Array.isArray(value) ? value.map(item) : value));
    }
    case 'map': {
      const convert = orNull(jsonConverter(type.values));
      return (value) => {
        const entries = Object.entries(value as Value);
        return Object.fromEntries(convert ? entries.map(([key, inner]) => [key, convert(inner)]) : entries);
      };
    }
    case 'record': {
      const toJson = compileToJson(type.fields);
      return (value) => toJson(value as Value);
    }
    default:
      return undefined;
  }
}

/** A decoded union's branch is told by what the value is, as on the way in. */
function unionConverter(union: AvroType): Convert | undefined {
  const { type } = withoutNull(union);
  if (type.kind !== 'union') return jsonConverter(type);
  const byShape = new Map(type.branches.map((branch) => [avroShape(branch), jsonConverter(branch)]));
  return (value) => byShape.get(shapeOf(value))?.(value) ?? value;
}

/** How a type's value stands in memory. */
export function avroShape(
  type: AvroType,
): 'null' | 'boolean' | 'number' | 'string' | 'buffer' | 'array' | 'object' | 'union' {
  switch (type.kind) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    case 'bytes':
    case 'fixed':
      return 'buffer';
    case 'enum':
      return 'string';
    case 'map':
    case 'record':
      return 'object';
    default:
      return type.kind;
  }
}

function shapeOf(value: unknown) {
  if (Buffer.isBuffer(value)) return 'buffer';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'number' || kind === 'boolean' || kind === 'object' ? kind : 'string';
}

function orNull(convert: Convert | undefined): Convert | undefined {
  return convert && ((value) => (value === null ? null : convert(value)));
}
