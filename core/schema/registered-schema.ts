import { metadataFields } from './metadata-fields.ts';
import type { AvroRecordJson } from './stream.ts';

const NOT_REGISTERED = new Set([
  'stream',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'examples',
  'unit',
  'table',
  'generate',
]);

/** The schema as the registry gets it: plain Avro with the metadata fields, so that a changed constraint is no new version. */
export function registeredSchema(file: AvroRecordJson): AvroRecordJson {
  const plain = strip(file) as AvroRecordJson;
  return { ...plain, fields: [...plain.fields, ...metadataFields] };
}

function strip(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strip);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => !NOT_REGISTERED.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'default' || key === 'symbols' ? value : strip(value)]),
  );
}
