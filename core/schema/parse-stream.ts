import type { z } from 'zod';
import { messageOf } from '../problem/message-of.ts';
import { tableFaults, tablePlaceFaults } from '../table/table-faults.ts';
import { type Field, isInstant, isNumeric, type RecordType, withoutNull } from './avro-type.ts';
import { avscType } from './avsc-type.ts';
import { exampleFaults } from './example-faults.ts';
import { keepKeysApart } from './keep-keys-apart.ts';
import { limitIndexedText } from './limit-indexed-text.ts';
import { metadataFields, metadataNames } from './metadata-fields.ts';
import { nameFaults } from './name-faults.ts';
import { parseAvroRecord } from './parse-avro.ts';
import { registeredSchema } from './registered-schema.ts';
import { SchemaFault } from './schema-fault.ts';
import type { AvroRecordJson, Stream } from './stream.ts';
import { retentionMs, STREAM_NAME, type StreamBlock, streamBlock } from './stream-block.ts';

const KEY_KINDS = ['string', 'int', 'long', 'enum'];

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
  const { store, key } = block.data;
  return complete(file, schema, store === 'upsert' ? keepKeysApart(record, key) : record, block.data);
}

function complete(file: string, schema: AvroRecordJson, record: RecordType, block: StreamBlock): Stream {
  const faults: string[] = [];
  const field = (option: string, name: string): Field => {
    const found = record.fields.find((each) => each.name === name);
    if (!found) faults.push(`"${option}" names a field "${name}" that the record does not have`);
    return found ?? { name, type: { kind: 'null' } };
  };
  const parts = file.split('/');
  const name = block.name ?? (parts.at(-1) ?? '').replace(/\.avsc$/, '');
  if (!STREAM_NAME.test(name)) faults.push(`the stream's name "${name}" must be lower-case words joined by "-"`);
  const path = block.path ?? `/streams/${name}`;
  const routes = [path, ...block.path_aliases];
  const [routeTwice] = routes.filter((each, index) => routes.indexOf(each) !== index);
  if (routeTwice !== undefined) faults.push(`"path_aliases" names the route ${routeTwice} twice`);
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
    path,
    pathAliases: block.path_aliases,
    isPosted: block.post,
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
