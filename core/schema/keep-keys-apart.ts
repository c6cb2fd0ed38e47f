import type { RecordType } from './avro-type.ts';

/**
 * Rows of an upsert stream are found by their key, and the database takes texts for one key that differ only in spaces at their end:
 * so no such text is a key, for every service to see.
 */
export function keepKeysApart(record: RecordType, key: string): RecordType {
  const isText = ({ name, type }: RecordType['fields'][number]) =>
    name === key && type.kind === 'string' && type.logical === undefined;
  return {
    ...record,
    fields: record.fields.map((field) => (isText(field) ? { ...field, noSpaceAtEnd: true } : field)),
  };
}
