import type { AvroType, Field } from '../schema/avro-type.ts';
import { fieldSchema, type JsonSchema, recordSchema } from '../schema/json-schema.ts';
import type { Stream } from '../schema/stream.ts';
import { publicSchema } from './public-schema.ts';

/**
 * A record as it is read back: every field present, in one spelling. Constraints are left out, as those of today need
 * not have held for what was written under an earlier version.
 */
export function rowSchema(stream: Stream): JsonSchema {
  const schema = publicSchema(recordSchema({ doc: stream.doc, fields: stream.fields.map(unconstrained) }));
  return { ...schema, properties: rowProperties(stream) };
}

/** The schema of each field as it is read back, by name. */
export const rowProperties = ({ fields }: Pick<Stream, 'fields'>): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    fields.map((field) => {
      const schema = publicSchema(fieldSchema(unconstrained(field)));
      return [field.name, isDecimal(field.type) ? asText(schema) : schema];
    }),
  );

function unconstrained({ name, type, doc, unit, examples }: Field): Field {
  return {
    name,
    type: plain(type),
    ...(doc === undefined ? {} : { doc }),
    ...(unit === undefined ? {} : { unit }),
    ...(examples === undefined ? {} : { examples }),
  };
}

function plain(type: AvroType): AvroType {
  switch (type.kind) {
    case 'record':
      return { ...type, fields: type.fields.map(unconstrained) };
    case 'array':
      return { ...type, items: plain(type.items) };
    case 'map':
      return { ...type, values: plain(type.values) };
    case 'union':
      return { ...type, branches: type.branches.map(plain) };
    default:
      return type;
  }
}

/** A decimal may come in as a number; it goes out as text, which loses no digit. */
const asText = ({ type, pattern, description, examples }: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries({ type: withoutNumber(type), pattern, description, examples }).filter(
      ([, value]) => value !== undefined,
    ),
  );

const withoutNumber = (type: unknown) => (Array.isArray(type) ? type.filter((kind) => kind !== 'number') : type);

const isDecimal = (type: AvroType): boolean =>
  type.kind === 'union' ? type.branches.some(isDecimal) : 'logical' in type && type.logical?.name === 'decimal';
