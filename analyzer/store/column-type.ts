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
import { type AvroType, type Logical, withoutNull } from '@millrace/core/schema/avro-type';
import { isJsonText } from './is-json-text.ts';

/** The DuckDB type of a field. What DuckDB has no type for (a union of several types, a record without fields) is JSON text. */
export function columnType(avro: AvroType): DuckDBType {
  const { type } = withoutNull(avro);
  if (isJsonText(type)) return VARCHAR;
  if ('logical' in type && type.logical) return logicalType(type.logical);
  switch (type.kind) {
    case 'boolean':
      return BOOLEAN;
    case 'int':
      return INTEGER;
    case 'long':
      return BIGINT;
    case 'float':
      return FLOAT;
    case 'double':
      return DOUBLE;
    case 'bytes':
    case 'fixed':
      return BLOB;
    case 'array':
      return LIST(columnType(type.items));
    case 'map':
      return MAP(VARCHAR, columnType(type.values));
    case 'record':
      return STRUCT(Object.fromEntries(type.fields.map((field) => [field.name, columnType(field.type)])));
    default:
      return VARCHAR;
  }
}

function logicalType(logical: Logical): DuckDBType {
  switch (logical.name) {
    case 'uuid':
      return UUID;
    case 'date':
      return DATE;
    case 'time-millis':
    case 'time-micros':
      return TIME;
    case 'timestamp-millis':
    case 'timestamp-micros':
      return TIMESTAMP;
    case 'decimal':
      return DECIMAL(logical.precision, logical.scale);
  }
}
