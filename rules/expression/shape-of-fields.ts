import { type AvroType, type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import type { Shape } from './cel.ts';

/** Told apart for each delivery of the same event, so no rule may read them. */
const UNSTABLE = new Set(['ingested_at', 'trace_id']);

export const readable = (fields: readonly Field[]): readonly Field[] =>
  fields.filter(({ name }) => !UNSTABLE.has(name));

/** The CEL types of fields. Every number is a double, as in JSON. */
export const shapeOfFields = (fields: readonly Field[]): Shape =>
  Object.fromEntries(readable(fields).map(({ name, type }) => [name, celType(type)]));

function celType(type: AvroType): string | Shape {
  return matchAvro<string | Shape>(withoutNull(type).type, {
    null: () => 'dyn',
    boolean: () => 'bool',
    ...alike(['int', 'long', 'float', 'double', 'decimal'], () => 'double'),
    ...alike(['string', 'enum', 'uuid', 'date', 'time-millis', 'time-micros', 'bytes', 'fixed'], () => 'string'),
    ...alike(['timestamp-millis', 'timestamp-micros'], () => 'google.protobuf.Timestamp'),
    array: ({ items }) => `list<${inner(items)}>`,
    map: ({ values }) => `map<string, ${inner(values)}>`,
    record: ({ fields }) => Object.fromEntries(fields.map(({ name, type: own }) => [name, celType(own)])),
    union: () => 'dyn',
  });
}

/** Elements that may be null, or are records, are looked at as they come. */
function inner(type: AvroType): string {
  const cel = withoutNull(type).nullable ? 'dyn' : celType(type);
  return typeof cel === 'string' ? cel : 'dyn';
}
