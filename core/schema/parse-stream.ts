import { z } from 'zod';
import { messageOf } from '../problem/message-of.ts';
import { tableFaults, tablePlaceFaults } from '../table/table-faults.ts';
import { type Field, isInstant, isNumeric, type RecordType, withoutNull } from './avro-type.ts';
import { avscType } from './avsc-type.ts';
import { exampleFaults } from './example-faults.ts';
import { limitIndexedText } from './limit-indexed-text.ts';
import { metadataFields, metadataNames } from './metadata-fields.ts';
import { nameFaults } from './name-faults.ts';
import { parseAvroRecord } from './parse-avro.ts';
import { registeredSchema } from './registered-schema.ts';
import { SchemaFault } from './schema-fault.ts';
import type { AvroRecordJson, Stream } from './stream.ts';

const DAY_MS = 86_400_000;
const RETENTION_UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };
const keptFor = z
  .string()
  .regex(/^([1-9]\d{0,4}[hdw]|forever)$/, 'must be like "30d", "12h", "8w" or "forever"')
  .default('forever');
const KEY_KINDS = ['string', 'int', 'long', 'enum'];
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const streamBlock = z.strictObject({
  name: z.string().regex(NAME, 'must be lower-case words joined by "-"').optional(),
  path: z
    .string()
    .regex(/^(\/[a-z0-9]+([-_.][a-z0-9]+)*)+$/, 'must look like "/stats/running"')
    .optional(),
  key: z.string().default('event_id'),
  time: z.string().default('ingested_at'),
  store: z.enum(['append', 'upsert']).default('append'),
  measures: z.array(z.string()).default([]),
  dimensions: z.array(z.string()).optional(),
  version: z.string().optional(),
  count_as: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'must be a snake_case name')
    .optional(),
  partitions: z.int().min(1).max(1000).default(3),
  retention: keptFor,
  row_retention: keptFor,
  access: z.enum(['open', 'token']).default('open'),
  owner: z.string().optional(),
});

/**
 * One schema file's text as a stream that every service can serve: it uses no name of the platform, and what is made of it
 * fits the databases. Throws a `SchemaFault` whose message names every fault of the file.
 * @param file the path below the schemas folder, e.g. `fitness/running.avsc`
 */
export function parseStream(file: string, text: string): Stream {
  const stream = readStream(file, text);
  const faults = [
    ...nameFaults(stream),
    ...tableFaults(stream),
    ...tablePlaceFaults(stream.fields),
    ...exampleFaults(stream.fields),
  ];
  if (faults.length > 0) throw new SchemaFault(faults.join('; '));
  return stream;
}

/** The same of a file that is only compared with, such as a version released before a limit was known. */
export function readStream(file: string, text: string): Stream {
  const schema = parseJson(text);
  const block = streamBlock.safeParse(schema.stream ?? {});
  if (!block.success) throw new SchemaFault(block.error.issues.map(describe).join('; '));
  const indexed = new Set([block.data.key, ...(block.data.dimensions ?? [])]);
  const record = limitIndexedText(withMetadata(parseAvroRecord(schema)), indexed);
  return complete(file, schema, record, block.data);
}

function complete(
  file: string,
  schema: AvroRecordJson,
  record: RecordType,
  block: z.infer<typeof streamBlock>,
): Stream {
  const faults: string[] = [];
  const field = (option: string, name: string): Field => {
    const found = record.fields.find((each) => each.name === name);
    if (!found) faults.push(`"${option}" names a field "${name}" that the record does not have`);
    return found ?? { name, type: { kind: 'null' } };
  };
  const parts = file.split('/');
  const name = block.name ?? (parts.at(-1) ?? '').replace(/\.avsc$/, '');
  if (!NAME.test(name)) faults.push(`the stream's name "${name}" must be lower-case words joined by "-"`);
  const key = field('key', block.key);
  const time = field('time', block.time);
  for (const option of ['measures', 'dimensions'] as const) {
    const [twice] = (block[option] ?? []).filter((each, index, all) => all.indexOf(each) !== index);
    if (twice !== undefined) faults.push(`"${option}" names the field "${twice}" twice`);
  }
  const measures = block.measures.map((measure) => field('measures', measure));
  const dimensions = (block.dimensions ?? [block.key]).map((dimension) => field('dimensions', dimension));
  const version = field('version', block.version ?? block.time);
  const owner = field('owner', block.owner ?? block.key);
  if (faults.length === 0) faults.push(...typeFaults(key, time, measures), ...ownerFaults(owner));
  const avro = registeredSchema(schema);
  avscType(avro);
  if (faults.length > 0) throw new SchemaFault(faults.join('; '));
  return {
    name,
    topic: name,
    deadLetterTopic: `${name}.dead-letter`,
    subject: `${name}-value`,
    table: name.replaceAll('-', '_'),
    domain: parts.slice(0, -1).join('/'),
    path: block.path ?? `/streams/${name}`,
    key,
    time,
    store: block.store,
    measures,
    dimensions,
    version,
    countAs: block.count_as,
    partitions: block.partitions,
    retentionMs: retentionMs(block.retention),
    rowRetentionMs: retentionMs(block.row_retention),
    access: block.access,
    owner,
    doc: schema.doc ?? '',
    recordName: schema.namespace && !schema.name.includes('.') ? `${schema.namespace}.${schema.name}` : schema.name,
    fields: record.fields,
    avro,
    file,
  };
}

/** It is compared with a text, as a key is. */
const ownerFaults = ({ name, type }: Field): string[] =>
  KEY_KINDS.includes(withoutNull(type).type.kind) ? [] : [`the owner "${name}" must be a string, int, long or enum`];

function typeFaults(key: Field, time: Field, measures: readonly Field[]): string[] {
  return [
    ...(KEY_KINDS.includes(key.type.kind) ? [] : [`the key "${key.name}" must be a string, int, long or enum`]),
    ...(isInstant(time.type) ? [] : [`the time "${time.name}" must be a timestamp-millis or timestamp-micros`]),
    ...measures.filter(({ type }) => !isNumeric(type)).map(({ name }) => `the measure "${name}" must be a number`),
  ];
}

function withMetadata(record: RecordType): RecordType {
  const taken = record.fields.filter(({ name }) => metadataNames.has(name)).map(({ name }) => `"${name}"`);
  if (taken.length > 0)
    throw new SchemaFault(`${taken.join(', ')}: Millrace adds this field itself; give yours another name`);
  const metadata = parseAvroRecord({ type: 'record', name: 'Metadata', fields: metadataFields });
  return { ...record, fields: [...record.fields, ...metadata.fields] };
}

function parseJson(text: string): AvroRecordJson & { stream?: unknown } {
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'record')
      return schema as AvroRecordJson;
  } catch (error) {
    throw new SchemaFault(`is not JSON: ${messageOf(error)}`);
  }
  throw new SchemaFault('must be an Avro record: an object with "type": "record"');
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `"stream.${path.join('.')}" ${message}` : `"stream": ${message}`;
}

function retentionMs(retention: string): number | undefined {
  if (retention === 'forever') return undefined;
  return Number.parseInt(retention, 10) * (RETENTION_UNITS[retention.slice(-1)] ?? 0);
}
