import { type AvroType, type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { compileFromJson } from '@millrace/core/schema/from-json';
import { generatedText } from '@millrace/core/schema/generated-field';
import { matchAvro } from '@millrace/core/schema/match-avro';
import type { Stream } from '@millrace/core/schema/stream';
import { compileToJson } from '@millrace/core/schema/to-json';
import { code, table } from './markdown.ts';

/** What each field may hold, as a table. */
export const fieldTable = (fields: readonly Field[]): string =>
  table(['field', 'type', 'may be left out', 'rules', 'meaning'], fields.map(fieldRow));

function fieldRow(field: Field): string[] {
  const { name, type, doc, unit } = field;
  return [code(name), unit ? `${typeName(type)}, in ${unit}` : typeName(type), leftOut(field), rules(field), doc ?? ''];
}

function leftOut(field: Field): string {
  if (field.generate) return `yes: ${generatedText[field.generate]}`;
  if (!('default' in field)) return 'no';
  return `yes: ${code(JSON.stringify(compileToJson([field])(compileFromJson([field])({}))[field.name]))}`;
}

function rules({ minimum, maximum, minLength, maxLength, pattern }: Field): string {
  const said = [
    minimum === undefined ? '' : `≥ ${minimum}`,
    maximum === undefined ? '' : `≤ ${maximum}`,
    minLength === undefined ? '' : `at least ${minLength} characters`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    pattern === undefined ? '' : `matches ${code(pattern)}`,
  ];
  return said.filter(Boolean).join(', ');
}

export function typeName(type: AvroType): string {
  const { nullable, type: inner } = withoutNull(type);
  return nullable ? `${plainTypeName(inner)} or null` : plainTypeName(inner);
}

const plainTypeName = (type: AvroType): string =>
  matchAvro<string>(type, {
    ...{ null: () => 'null', boolean: () => 'boolean', string: () => 'string' },
    ...{ int: () => 'int', long: () => 'long', float: () => 'float', double: () => 'double' },
    bytes: () => 'bytes, base64',
    fixed: ({ size }) => `${size} bytes, base64`,
    enum: ({ symbols }) => `one of ${symbols.map(code).join(', ')}`,
    array: ({ items }) => `array of ${typeName(items)}`,
    map: ({ values }) => `map to ${typeName(values)}`,
    record: ({ name }) => name,
    union: ({ branches }) => branches.map(plainTypeName).join(' or '),
    ...{ uuid: () => 'uuid', date: () => 'date' },
    ...{ 'time-millis': () => 'time-millis', 'time-micros': () => 'time-micros' },
    ...{ 'timestamp-millis': () => 'timestamp-millis', 'timestamp-micros': () => 'timestamp-micros' },
    decimal: ({ precision, scale }) => `decimal(${precision}, ${scale})`,
  });

/** A table for each record inside the stream's record. */
export function nestedFieldTables(stream: Stream): string {
  const found = new Map<string, readonly Field[]>();
  const collect = (type: AvroType): void => {
    if (type.kind === 'record') {
      found.set(type.name, type.fields);
      for (const field of type.fields) collect(field.type);
    } else if (type.kind === 'array') collect(type.items);
    else if (type.kind === 'map') collect(type.values);
    else if (type.kind === 'union') type.branches.forEach(collect);
  };
  for (const field of stream.fields) collect(field.type);
  return [...found].map(([name, fields]) => `### ${name}\n\n${fieldTable(fields)}`).join('\n\n');
}
