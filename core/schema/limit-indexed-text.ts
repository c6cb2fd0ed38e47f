import { type Field, type RecordType, withoutNull } from './avro-type.ts';

/** What a key or a dimension may have when its field says nothing: enough for names, and little enough to be indexed. */
const INDEXED_LENGTH = 255;

/** Text that is looked up by must fit an index, so keys and dimensions without a `maxLength` get one, for every service to see. */
export function limitIndexedText(record: RecordType, indexed: ReadonlySet<string>): RecordType {
  return { ...record, fields: record.fields.map((field) => (indexed.has(field.name) ? limited(field) : field)) };
}

function limited(field: Field): Field {
  const { type } = withoutNull(field.type);
  const isOpenText = type.kind === 'string' && type.logical === undefined && field.maxLength === undefined;
  return isOpenText ? { ...field, maxLength: INDEXED_LENGTH } : field;
}
