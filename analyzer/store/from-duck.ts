import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import { formatDecimal } from '@millrace/core/schema/decimal';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import { formatDate, formatInstant, formatInstantMicros } from '@millrace/core/schema/rfc3339';
import { shortestFloat } from '@millrace/core/schema/shortest-float';
import { formatTimeOfDay } from '@millrace/core/schema/time-of-day';
import { isJsonText } from './is-json-text.ts';
import { keepByteOrderMarks } from './keep-byte-order-marks.ts';

keepByteOrderMarks();

export type FromDuck = (value: DuckDBValue) => unknown;

/** Compiles the step from a value of a `columnType` column to the JSON that people read; the same as every other answer's. */
export function compileFromDuck(avro: AvroType): FromDuck {
  const { type } = withoutNull(avro);
  const inner = isJsonText(type) ? (value: DuckDBValue) => JSON.parse(String(value)) : fromDuck(type);
  return (value) => (value === null ? null : inner(value));
}

function fromDuck(type: AvroType): FromDuck {
  return matchAvro<FromDuck>(type, {
    ...alike(['null', 'boolean', 'int', 'double', 'string', 'enum', 'union'], () => (value) => value),
    long: () => Number,
    float: () => (value) => shortestFloat(Number(value)),
    uuid: () => String,
    ...alike(['bytes', 'fixed'], () => (value) => base64(value)),
    date: () => (value) => (value instanceof DuckDBDateValue ? formatDate(value.days) : String(value)),
    'time-millis': () => (value) => timeOfDay(value, 3),
    'time-micros': () => (value) => timeOfDay(value, 6),
    'timestamp-millis': () => (value) =>
      isInstant(value) ? formatInstant(Number(value.micros / 1000n)) : String(value),
    'timestamp-micros': () => (value) => (isInstant(value) ? formatInstantMicros(Number(value.micros)) : String(value)),
    decimal: () => (value) =>
      value instanceof DuckDBDecimalValue ? formatDecimal(value.value, value.scale) : String(value),
    array: ({ items }) => {
      const item = compileFromDuck(items);
      return (value) => (value instanceof DuckDBListValue ? value.items.map(item) : []);
    },
    map: ({ values }) => {
      const inner = compileFromDuck(values);
      return (value) =>
        value instanceof DuckDBMapValue
          ? Object.fromEntries(value.entries.map(({ key, value: each }) => [String(key), inner(each)]))
          : {};
    },
    record: ({ fields }) => {
      const steps = fields.map((field) => ({ name: field.name, convert: compileFromDuck(field.type) }));
      return (value) =>
        value instanceof DuckDBStructValue
          ? Object.fromEntries(steps.map(({ name, convert }) => [name, convert(value.entries[name] ?? null)]))
          : {};
    },
  });
}

/** In a table without a time zone, which is UTC's; in Parquet files with it, but not in those that the first release wrote. */
const isInstant = (value: DuckDBValue) =>
  value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue;

const base64 = (value: DuckDBValue) =>
  value instanceof DuckDBBlobValue ? Buffer.from(value.bytes).toString('base64') : String(value);

const timeOfDay = (value: DuckDBValue, digits: 3 | 6) =>
  value instanceof DuckDBTimeValue ? formatTimeOfDay(Number(value.micros), digits) : String(value);
