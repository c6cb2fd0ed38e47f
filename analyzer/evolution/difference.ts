import { type AvroType, type Field, type PrimitiveKind, withoutNull } from '@millrace/core/schema/avro-type';
import { columnType } from '../store/column-type.ts';
import { isJsonText } from '../store/is-json-text.ts';
import { fieldSource } from './field-source.ts';

/** Which numbers become which without a loss that depends on the way they came. */
const WIDER: Partial<Record<AvroType['kind'], readonly PrimitiveKind[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
};

/**
 * Why records written as `writer` and kept as `before` would not be, once converted to `after`, what reading them as
 * `after` gives; undefined when they would. The answer names the place within the record.
 */
export function differenceOf(writer: AvroType, before: AvroType, after: AvroType, at = ''): string | undefined {
  const [was, is] = [withoutNull(before).type, withoutNull(after).type];
  if (isJsonText(was) || isJsonText(is))
    return textOf(was) === textOf(is) ? undefined : `${at} is kept as JSON text, and its type is another`;
  for (const branch of branchesOf(writer)) {
    const found = differenceOfOne(branch, was, is, at);
    if (found) return found;
  }
  return undefined;
}

function differenceOfOne(writer: AvroType, was: AvroType, is: AvroType, at: string): string | undefined {
  if (was.kind !== is.kind || logicalOf(was) !== logicalOf(is)) return differenceOfNumbers(writer, was, is, at);
  if (was.kind === 'array' && is.kind === 'array' && writer.kind === 'array')
    return differenceOf(writer.items, was.items, is.items, `${at}[]`);
  if (was.kind === 'map' && is.kind === 'map' && writer.kind === 'map')
    return differenceOf(writer.values, was.values, is.values, `${at}{}`);
  if (was.kind === 'record' && is.kind === 'record' && writer.kind === 'record')
    return differenceOfFields(writer.fields, was.fields, is.fields, at);
  if (was.kind === 'fixed' && is.kind === 'fixed') return was.size === is.size ? undefined : `${at} has another size`;
  if (was.kind === 'enum' && is.kind === 'enum' && writer.kind === 'enum') {
    const known = writer.symbols.every((symbol) => was.symbols.includes(symbol) && is.symbols.includes(symbol));
    return known ? undefined : `${at} was written with symbols that it was not read with`;
  }
  return undefined;
}

function differenceOfNumbers(writer: AvroType, was: AvroType, is: AvroType, at: string): string | undefined {
  const widened = WIDER[was.kind]?.some((kind) => kind === is.kind) && !logicalOf(was) && !logicalOf(is);
  if (!widened) return `${at} was ${columnType(was)} and is ${columnType(is)}`;
  return was.kind === 'float' && writer.kind !== 'float'
    ? `${at} was cut to single precision when it was read`
    : undefined;
}

function differenceOfFields(
  written: readonly Field[],
  before: readonly Field[],
  after: readonly Field[],
  at: string,
): string | undefined {
  for (const field of after) {
    const place = at ? `${at}.${field.name}` : field.name;
    const source = fieldSource(field, before);
    const from = fieldSource(field, written);
    const found = source
      ? differenceOfField(from, fieldSource(source, written), source, field, place)
      : differenceOfNew(from, field, place);
    if (found) return found;
  }
  return undefined;
}

function differenceOfField(
  from: Field | undefined,
  fromBefore: Field | undefined,
  source: Field,
  field: Field,
  at: string,
): string | undefined {
  if (from?.name !== fromBefore?.name) return `${at} was read from another field`;
  if (from) return differenceOf(from.type, source.type, field.type, at);
  const given = JSON.stringify(source.default);
  if (given !== JSON.stringify(field.default)) return `the default of ${at} was ${given}`;
  const isSame = columnType(source.type).toString() === columnType(field.type).toString();
  if (!isSame && /\d[.e]/i.test(given ?? '')) return `the default of ${at} was kept as ${columnType(source.type)}`;
  return differenceOf(source.type, source.type, field.type, at);
}

function differenceOfNew(from: Field | undefined, field: Field, at: string): string | undefined {
  if (from) return `${at} was left out when it was read`;
  return field.default === undefined ? `${at} has no default` : undefined;
}

const branchesOf = (type: AvroType) =>
  type.kind === 'union' ? type.branches.filter(({ kind }) => kind !== 'null') : [type];

const logicalOf = (type: AvroType) => ('logical' in type && type.logical ? JSON.stringify(type.logical) : undefined);

const textOf = (type: AvroType) => JSON.stringify(type, (key, value) => (key === 'doc' ? undefined : value));
