import type { AvroType, Field, RecordType } from '../schema/avro-type.ts';
import { ownFields } from '../schema/input-schema.ts';
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
    `/** ${stream.doc || `A record of the stream ${stream.name}`} As it is posted to ${stream.path}. */`,
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
  const optional = direction === 'in' && 'default' in field ? '?' : '';
  const unit = field.unit ? `Unit: ${field.unit}.` : '';
  const doc = [field.doc, unit, formatOf(field.type)].filter(Boolean).join(' ');
  return [
    ...(doc ? [`  /** ${doc} */`] : []),
    `  readonly ${field.name}${optional}: ${typeText(field.type, direction)};`,
  ];
}

function typeText(type: AvroType, direction: 'in' | 'out'): string {
  if ('logical' in type && type.logical)
    return type.logical.name === 'decimal' && direction === 'in' ? 'string | number' : 'string';
  switch (type.kind) {
    case 'null':
    case 'boolean':
    case 'string':
      return type.kind;
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    case 'bytes':
    case 'fixed':
      return 'string';
    case 'enum':
      return type.symbols.map((symbol) => `'${symbol}'`).join(' | ');
    case 'array':
      return `readonly ${group(type.items, direction)}[]`;
    case 'map':
      return `{ readonly [name: string]: ${typeText(type.values, direction)} }`;
    case 'record':
      return direction === 'in' ? type.name : `${type.name}Row`;
    case 'union':
      return [...type.branches]
        .sort((one, other) => Number(one.kind === 'null') - Number(other.kind === 'null'))
        .map((branch) => (branch.kind === 'array' ? group(branch, direction) : typeText(branch, direction)))
        .join(' | ');
  }
}

const group = (type: AvroType, direction: 'in' | 'out') =>
  /[|]|^readonly/.test(typeText(type, direction)) ? `(${typeText(type, direction)})` : typeText(type, direction);

/** What a text or number must look like where its TypeScript type can't say it. */
function formatOf(type: AvroType): string {
  if (type.kind === 'union') return type.branches.map(formatOf).filter(Boolean).join(' ');
  if (!('logical' in type) || !type.logical) return type.kind === 'bytes' || type.kind === 'fixed' ? 'Base64.' : '';
  switch (type.logical.name) {
    case 'uuid':
      return 'A UUID.';
    case 'date':
      return 'A date, `2026-03-14`.';
    case 'decimal':
      return `A decimal of ${type.logical.precision} digits, ${type.logical.scale} of them after the point.`;
    case 'time-millis':
    case 'time-micros':
      return 'A time of day, `07:32:10.250`.';
    default:
      return 'An RFC 3339 time.';
  }
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
