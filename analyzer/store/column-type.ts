import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBType,
  FLOAT,
  INTEGER,
  LIST,
  MAP,
  STRUCT,
  TIME,
  TIMESTAMP,
  UUID,
  VARCHAR,
} from '@duckdb/node-api';
import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import { isJsonText } from './is-json-text.ts';

/**
 * The DuckDB type of a field. What DuckDB has no type for (a union of several types, a record without fields) is JSON text.
 * @param instant the type of an instant, at any depth
 */
export function columnType(avro: AvroType, instant: DuckDBType = TIMESTAMP): DuckDBType {
  const { type } = withoutNull(avro);
  if (isJsonText(type)) return VARCHAR;
  return matchAvro<DuckDBType>(type, {
    boolean: () => BOOLEAN,
    int: () => INTEGER,
    long: () => BIGINT,
    float: () => FLOAT,
    double: () => DOUBLE,
    ...alike(['bytes', 'fixed'], () => BLOB),
    ...alike(['string', 'enum', 'null', 'union'], () => VARCHAR),
    uuid: () => UUID,
    date: () => DATE,
    ...alike(['time-millis', 'time-micros'], () => TIME),
    ...alike(['timestamp-millis', 'timestamp-micros'], () => instant),
    decimal: ({ precision, scale }) => DECIMAL(precision, scale),
    array: ({ items }) => LIST(columnType(items, instant)),
    map: ({ values }) => MAP(VARCHAR, columnType(values, instant)),
    record: ({ fields }) =>
      STRUCT(Object.fromEntries(fields.map((field) => [field.name, columnType(field.type, instant)]))),
  });
}
