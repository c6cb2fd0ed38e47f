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
import { jsonConverter } from '@millrace/core/schema/to-json';
import { isJsonText } from './is-json-text.ts';

type ToDuck = (value: unknown) => DuckDBValue;

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

function toDuck(type: AvroType): ToDuck {
  if ('logical' in type && type.logical) {
    const { logical } = type;
    switch (logical.name) {
      case 'uuid':
        return (value) => DuckDBUUIDValue.fromUint128(BigInt(`0x${String(value).replaceAll('-', '')}`));
      case 'date':
        return (value) => new DuckDBDateValue(Number(value));
      case 'time-millis':
        return (value) => new DuckDBTimeValue(BigInt(Number(value)) * 1000n);
      case 'time-micros':
        return (value) => new DuckDBTimeValue(BigInt(Number(value)));
      case 'timestamp-millis':
        return (value) => new DuckDBTimestampValue(BigInt(Number(value)) * 1000n);
      case 'timestamp-micros':
        return (value) => new DuckDBTimestampValue(BigInt(Number(value)));
      case 'decimal':
        return (value) => new DuckDBDecimalValue(bytesToDecimal(bytesOf(value)), logical.precision, logical.scale);
    }
  }
  switch (type.kind) {
    case 'boolean':
      return (value) => value === true;
    case 'int':
    case 'float':
    case 'double':
      return Number;
    case 'long':
      return (value) => BigInt(Number(value));
    case 'bytes':
    case 'fixed':
      return (value) => blobValue(bytesOf(value));
    case 'array': {
      const item = compileToDuck(type.items);
      return (value) => listValue(Array.isArray(value) ? value.map(item) : []);
    }
    case 'map': {
      const inner = compileToDuck(type.values);
      return (value) =>
        new DuckDBMapValue(Object.entries(value as Value).map(([key, each]) => ({ key, value: inner(each) })));
    }
    case 'record': {
      const steps = type.fields.map((field) => ({ name: field.name, convert: compileToDuck(field.type) }));
      return (value) => {
        const record = value as Value;
        return structValue(Object.fromEntries(steps.map(({ name, convert }) => [name, convert(record[name])])));
      };
    }
    default:
      return String;
  }
}

/** Between threads a Buffer becomes a plain byte array. */
function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.alloc(0);
}
