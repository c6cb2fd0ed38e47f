import {
  blobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBMapValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBValue,
  listValue,
  structValue,
} from '@duckdb/node-api';
import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import { bytesToDecimal } from '@millrace/core/schema/decimal';
import type { Value } from '@millrace/core/schema/from-json';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import { jsonConverter } from '@millrace/core/schema/to-json';
import { isJsonText } from './is-json-text.ts';

export type ToDuck = (value: unknown) => DuckDBValue;

/** Compiles the step from a decoded Avro value to what a DuckDB vector of `columnType` takes. */
export function compileToDuck(avro: AvroType): ToDuck {
  const { type } = withoutNull(avro);
  const inner = isJsonText(type) ? jsonText(avro) : toDuck(type);
  return (value) => (value === null || value === undefined ? null : inner(value));
}

function jsonText(type: AvroType): ToDuck {
  const toJson = jsonConverter(type);
  return (value) => {
    const given = value instanceof Uint8Array ? bytesOf(value) : value;
    return JSON.stringify(toJson ? toJson(given) : given);
  };
}

const micros = (value: unknown) => BigInt(Number(value));
const millis = (value: unknown) => micros(value) * 1000n;

function toDuck(type: AvroType): ToDuck {
  return matchAvro<ToDuck>(type, {
    ...alike(['null', 'string', 'enum', 'union'], () => String),
    boolean: () => (value) => value === true,
    ...alike(['int', 'float', 'double'], () => Number),
    long: () => (value) => BigInt(Number(value)),
    ...alike(['bytes', 'fixed'], () => (value) => blobValue(bytesOf(value))),
    uuid: () => (value) => DuckDBUUIDValue.fromUint128(BigInt(`0x${String(value).replaceAll('-', '')}`)),
    date: () => (value) => new DuckDBDateValue(Number(value)),
    'time-millis': () => (value) => new DuckDBTimeValue(millis(value)),
    'time-micros': () => (value) => new DuckDBTimeValue(micros(value)),
    'timestamp-millis': () => (value) => new DuckDBTimestampValue(millis(value)),
    'timestamp-micros': () => (value) => new DuckDBTimestampValue(micros(value)),
    decimal:
      ({ precision, scale }) =>
      (value) =>
        new DuckDBDecimalValue(bytesToDecimal(bytesOf(value)), precision, scale),
    array: ({ items }) => {
      const item = compileToDuck(items);
      return (value) => listValue(Array.isArray(value) ? value.map(item) : []);
    },
    map: ({ values }) => {
      const inner = compileToDuck(values);
      return (value) =>
        new DuckDBMapValue(Object.entries(value as Value).map(([key, each]) => ({ key, value: inner(each) })));
    },
    record: ({ fields }) => {
      const steps = fields.map((field) => ({ name: field.name, convert: compileToDuck(field.type) }));
      return (value) => {
        const record = value as Value;
        return structValue(Object.fromEntries(steps.map(({ name, convert }) => [name, convert(record[name])])));
      };
    },
  });
}

/** Between threads a Buffer becomes a plain byte array. */
function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.alloc(0);
}
