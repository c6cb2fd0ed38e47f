import type { AvroType, Field } from '../schema/avro-type.ts';
import { compileFromJson } from '../schema/from-json.ts';
import { ownFields } from '../schema/input-schema.ts';
import { alike, matchAvro } from '../schema/match-avro.ts';
import type { Stream } from '../schema/stream.ts';
import { compileToJson } from '../schema/to-json.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const METADATA: JsonObject = {
  event_id: '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  source: 'anonymous',
  ingested_at: '2026-03-14T07:32:10.482Z',
};

/** A record that the receiver accepts, from the fields' own examples where they have any, without what it generates. */
export const exampleOf = (stream: Stream): JsonObject =>
  exampleRecord(ownFields(stream).filter(({ generate }) => generate === undefined));

/** The same record as it is read back: written out in full, with the fields that Millrace adds. */
export function rowExampleOf(stream: Stream): JsonObject {
  const fields = ownFields(stream);
  return { ...compileToJson(fields)(compileFromJson(fields)(exampleRecord(fields))), ...METADATA };
}

const exampleRecord = (fields: readonly Field[]): JsonObject =>
  Object.fromEntries(
    fields.map((field) => [field.name, field.examples?.[0] ?? patterned(field) ?? exampleValue(field.type, field)]),
  );

/** No text can be made up for a pattern: its default is one that matches. */
const patterned = ({ pattern, default: fallback }: Field) => (pattern === undefined ? undefined : fallback);

function exampleValue(type: AvroType, limits: Partial<Field> = {}): unknown {
  return matchAvro<unknown>(type, {
    null: () => null,
    boolean: () => true,
    ...alike(['int', 'long'], () => Math.ceil(numberWithin(1, limits))),
    ...alike(['float', 'double'], () => numberWithin(1.5, limits)),
    string: () => 'text'.padEnd(limits.minLength ?? 0, '.').slice(0, limits.maxLength ?? Number.POSITIVE_INFINITY),
    bytes: () => Buffer.from('bytes').toString('base64'),
    fixed: ({ size }) => Buffer.alloc(size).toString('base64'),
    enum: ({ symbols }) => symbols[0],
    array: ({ items }) => [exampleValue(items)],
    map: ({ values }) => ({ name: exampleValue(values) }),
    record: ({ fields }) => exampleRecord(fields),
    union: ({ branches }) => exampleValue(branches.find(({ kind }) => kind !== 'null') ?? { kind: 'null' }, limits),
    uuid: () => 'd290f1ee-6c54-4b01-90e6-d701748f0851',
    date: () => '2026-03-14',
    'time-millis': () => '07:32:10.250',
    'time-micros': () => '07:32:10.250125',
    'timestamp-millis': () => '2026-03-14T07:32:10.250Z',
    'timestamp-micros': () => '2026-03-14T07:32:10.250125Z',
    decimal: ({ precision, scale }) => numberWithin(Math.min(12, 10 ** (precision - scale) - 1), limits).toFixed(scale),
  });
}

const numberWithin = (wanted: number, { minimum, maximum }: Partial<Field>) =>
  Math.min(Math.max(wanted, minimum ?? Number.NEGATIVE_INFINITY), maximum ?? Number.POSITIVE_INFINITY);
