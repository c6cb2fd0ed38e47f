import type { AvroType, Field, Logical } from '../schema/avro-type.ts';
import { compileFromJson } from '../schema/from-json.ts';
import { ownFields } from '../schema/input-schema.ts';
import type { Stream } from '../schema/stream.ts';
import { compileToJson } from '../schema/to-json.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const METADATA: JsonObject = {
  event_id: '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  source: 'anonymous',
  ingested_at: '2026-03-14T07:32:10.482Z',
};

/** A record that the receiver accepts, from the fields' own examples where they have any. */
export const exampleOf = (stream: Stream): JsonObject => exampleRecord(ownFields(stream));

/** The same record as it is read back: written out in full, with the fields that Millrace adds. */
export function rowExampleOf(stream: Stream): JsonObject {
  const fields = ownFields(stream);
  return { ...compileToJson(fields)(compileFromJson(fields)(exampleOf(stream))), ...METADATA };
}

const exampleRecord = (fields: readonly Field[]): JsonObject =>
  Object.fromEntries(
    fields.map((field) => [field.name, field.examples?.[0] ?? patterned(field) ?? exampleValue(field.type, field)]),
  );

/** No text can be made up for a pattern: its default is one that matches. */
const patterned = ({ pattern, default: fallback }: Field) => (pattern === undefined ? undefined : fallback);

function exampleValue(type: AvroType, limits: Partial<Field> = {}): unknown {
  if ('logical' in type && type.logical) return logicalExample(type.logical, limits);
  switch (type.kind) {
    case 'null':
      return null;
    case 'boolean':
      return true;
    case 'int':
    case 'long':
      return Math.ceil(numberWithin(1, limits));
    case 'float':
    case 'double':
      return numberWithin(1.5, limits);
    case 'string':
      return 'text'.padEnd(limits.minLength ?? 0, '.').slice(0, limits.maxLength ?? Number.POSITIVE_INFINITY);
    case 'bytes':
      return Buffer.from('bytes').toString('base64');
    case 'fixed':
      return Buffer.alloc(type.size).toString('base64');
    case 'enum':
      return type.symbols[0];
    case 'array':
      return [exampleValue(type.items)];
    case 'map':
      return { name: exampleValue(type.values) };
    case 'record':
      return exampleRecord(type.fields);
    case 'union':
      return exampleValue(type.branches.find(({ kind }) => kind !== 'null') ?? { kind: 'null' }, limits);
  }
}

function logicalExample(logical: Logical, limits: Partial<Field>): unknown {
  switch (logical.name) {
    case 'uuid':
      return 'd290f1ee-6c54-4b01-90e6-d701748f0851';
    case 'date':
      return '2026-03-14';
    case 'time-millis':
      return '07:32:10.250';
    case 'time-micros':
      return '07:32:10.250125';
    case 'timestamp-millis':
      return '2026-03-14T07:32:10.250Z';
    case 'timestamp-micros':
      return '2026-03-14T07:32:10.250125Z';
    case 'decimal': {
      const most = 10 ** (logical.precision - logical.scale) - 1;
      return numberWithin(Math.min(12, most), limits).toFixed(logical.scale);
    }
  }
}

const numberWithin = (wanted: number, { minimum, maximum }: Partial<Field>) =>
  Math.min(Math.max(wanted, minimum ?? Number.NEGATIVE_INFINITY), maximum ?? Number.POSITIVE_INFINITY);
