import type { AvroType, Field, RecordType } from '../schema/avro-type.ts';
import { generatedText, mayBeLeftOut } from '../schema/generated-field.ts';
import { ownFields } from '../schema/input-schema.ts';
import { alike, matchAvro } from '../schema/match-avro.ts';
import { metadataNames } from '../schema/metadata-fields.ts';
import type { Stream } from '../schema/stream.ts';
import { pascalCase } from './document.ts';

/** A stream's records as TypeScript: what a client posts, and what it reads back. */
export function recordTypes(stream: Stream): string {
  const name = pascalCase(stream.name);
  const nested = new Map<string, RecordType>();
  collect({ kind: 'record', name: '', fields: stream.fields }, nested);
  const write = (direction: 'in' | 'out') => (field: Field) => fieldLine(field, direction);
  const metadata = stream.fields.filter((field) => metadataNames.has(field.name));
  return [
    `// Made from schemas/${stream.file} by \`npm run generate\`.`,
    '',
    `/** ${stream.doc || `A record of the stream ${stream.name}`} ${stream.isPosted ? `As it is posted to ${stream.path}.` : 'As Millrace writes it.'} */`,
    `export type ${name} = {`,
    ...ownFields(stream).flatMap(write('in')),
    '  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */',
    '  readonly event_id?: string;',
    '};',
    '',
    '/** The same as it is read back: every field, with those that Millrace adds. */',
    `export type ${name}Row = {`,
    ...ownFields(stream).flatMap(write('out')),
    ...metadata.flatMap(write('out')),
    '};',
    ...[...nested.values()].flatMap((record) => [
      '',
      ...(record.doc ? [`/** ${record.doc} */`] : []),
      `export type ${record.name} = {`,
      ...record.fields.flatMap(write('in')),
      '};',
      '',
      `export type ${record.name}Row = {`,
      ...record.fields.flatMap(write('out')),
      '};',
    ]),
    '',
  ].join('\n');
}

function fieldLine(field: Field, direction: 'in' | 'out'): string[] {
  const optional = direction === 'in' && mayBeLeftOut(field) ? '?' : '';
  const unit = field.unit ? `Unit: ${field.unit}.` : '';
  const made = direction === 'in' && field.generate ? `When left out: ${generatedText[field.generate]}.` : '';
  const doc = [field.doc, unit, formatOf(field.type), made].filter(Boolean).join(' ');
  return [
    ...(doc ? [`  /** ${doc} */`] : []),
    `  readonly ${field.name}${optional}: ${typeText(field.type, direction)};`,
  ];
}

function typeText(type: AvroType, direction: 'in' | 'out'): string {
  return matchAvro<string>(type, {
    null: () => 'null',
    boolean: () => 'boolean',
    ...alike(['int', 'long', 'float', 'double'], () => 'number'),
    ...alike(['string', 'bytes', 'fixed', 'uuid', 'date'], () => 'string'),
    ...alike(['time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], () => 'string'),
    decimal: () => (direction === 'in' ? 'string | number' : 'string'),
    enum: ({ symbols }) => symbols.map((symbol) => `'${symbol}'`).join(' | '),
    array: ({ items }) => `readonly ${group(items, direction)}[]`,
    map: ({ values }) => `{ readonly [name: string]: ${typeText(values, direction)} }`,
    record: ({ name }) => (direction === 'in' ? name : `${name}Row`),
    union: ({ branches }) =>
      [...branches]
        .sort((one, other) => Number(one.kind === 'null') - Number(other.kind === 'null'))
        .map((branch) => (branch.kind === 'array' ? group(branch, direction) : typeText(branch, direction)))
        .join(' | '),
  });
}

const group = (type: AvroType, direction: 'in' | 'out') =>
  /[|]|^readonly/.test(typeText(type, direction)) ? `(${typeText(type, direction)})` : typeText(type, direction);

/** What a text or number must look like where its TypeScript type can't say it. */
function formatOf(type: AvroType): string {
  return matchAvro<string>(type, {
    ...alike(['null', 'boolean', 'int', 'long', 'float', 'double', 'string'], () => ''),
    ...alike(['enum', 'array', 'map', 'record'], () => ''),
    ...alike(['bytes', 'fixed'], () => 'Base64.'),
    union: ({ branches }) => branches.map(formatOf).filter(Boolean).join(' '),
    uuid: () => 'A UUID.',
    date: () => 'A date, `2026-03-14`.',
    decimal: ({ precision, scale }) => `A decimal of ${precision} digits, ${scale} of them after the point.`,
    ...alike(['time-millis', 'time-micros'], () => 'A time of day, `07:32:10.250`.'),
    ...alike(['timestamp-millis', 'timestamp-micros'], () => 'An RFC 3339 time.'),
  });
}

function collect(type: AvroType, found: Map<string, RecordType>): void {
  switch (type.kind) {
    case 'record':
      if (type.name) found.set(type.name, type);
      for (const field of type.fields) collect(field.type, found);
      break;
    case 'array':
      collect(type.items, found);
      break;
    case 'map':
      collect(type.values, found);
      break;
    case 'union':
      for (const branch of type.branches) collect(branch, found);
      break;
  }
}
