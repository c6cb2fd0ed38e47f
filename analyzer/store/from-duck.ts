import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import { formatDecimal } from '@millrace/core/schema/decimal';
import { formatDate, formatInstant, formatInstantMicros } from '@millrace/core/schema/rfc3339';
import { formatTimeOfDay } from '@millrace/core/schema/time-of-day';
import { isJsonText } from './is-json-text.ts';

type FromDuck = (value: DuckDBValue) => unknown;

/** Compiles the step from a value of a `columnType` column to the JSON that people read; the same as every other answer's. */
export function compileFromDuck(avro: AvroType): FromDuck {
  const { type } = withoutNull(avro);
  const inner = isJsonText(type) ? (value: DuckDBValue) => JSON.parse(String(value)) : fromDuck(type);
  return (value) => (value === null ? null : inner(value));
}

function fromDuck(type: AvroType): FromDuck {
  if (type.kind === 'array') {
    const item = compileFromDuck(type.items);
    return (value) => (value instanceof DuckDBListValue ? value.items.map(item) : []);
  }
  if (type.kind === 'map') {
    const inner = compileFromDuck(type.values);
    return (value) =>
      value instanceof DuckDBMapValue
        ? Object.fromEntries(value.entries.map(({ key, value: each }) => [String(key), inner(each)]))
        : {};
  }
  if (type.kind === 'record') {
    const steps = type.fields.map((field) => ({ name: field.name, convert: compileFromDuck(field.type) }));
    return (value) =>
      value instanceof DuckDBStructValue
        ? Object.fromEntries(steps.map(({ name, convert }) => [name, convert(value.entries[name] ?? null)]))
        : {};
  }
  const millis = 'logical' in type && type.logical?.name.endsWith('-millis') === true;
  return (value) => scalarJson(value, millis);
}

/** A value without parts as JSON. Times are cut to milliseconds where `millis` says that they have no more. */
export function scalarJson(value: DuckDBValue, millis = true): unknown {
  if (value === null) return null;
  switch (typeof value) {
    case 'bigint':
      return Number(value);
    case 'object':
      break;
    default:
      return value;
  }
  if (value instanceof DuckDBTimestampValue)
    return millis ? formatInstant(Number(value.micros / 1000n)) : formatInstantMicros(Number(value.micros));
  if (value instanceof DuckDBDecimalValue) return formatDecimal(value.value, value.scale);
  if (value instanceof DuckDBDateValue) return formatDate(value.days);
  if (value instanceof DuckDBTimeValue) return formatTimeOfDay(Number(value.micros), millis ? 3 : 6);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  return String(value);
}
