import type { Json } from '../../frame/connector.ts';
import type { FieldNames } from '../profiles/profile.ts';
import type { EntitySpec, FieldSpec } from './entity-spec.ts';
import { readInstant } from './read-instant.ts';

export type SourceRow = { readonly [name: string]: unknown };

export type Mapped =
  | { readonly ok: true; readonly id: string; readonly value: { readonly [name: string]: Json } }
  | { readonly ok: false; readonly id: string | undefined; readonly pointer: string; readonly reason: string };

const MISSING = Symbol('missing');

/** A row of the vendor's in the fields of the stream, or the first field that it has wrong. */
export function mapRow(spec: EntitySpec, names: FieldNames, row: SourceRow, zone: string): Mapped {
  const id = textOf(find(row, names[spec.key] ?? [spec.key]));
  const value: Record<string, Json> = {};
  for (const [field, wanted] of Object.entries(spec.fields)) {
    const pointer = `/${field}`;
    const given = find(row, names[field] ?? [field]);
    const isMissing = given === MISSING || given === null || given === undefined || given === '';
    if (isMissing && wanted.isRequired) return { ok: false, id, pointer, reason: 'is missing' };
    const read = isMissing ? null : readValue(wanted.kind, given, zone);
    if (read === undefined) return { ok: false, id, pointer, reason: `is not ${NOUNS[wanted.kind]}` };
    value[field] = read;
  }
  return id === undefined ? { ok: false, id, pointer: `/${spec.key}`, reason: 'is missing' } : { ok: true, id, value };
}

const NOUNS: Readonly<Record<FieldSpec['kind'], string>> = {
  text: 'a text',
  instant: 'a date and time',
  whole: 'a whole number',
  decimal: 'an amount',
};

function readValue(kind: FieldSpec['kind'], given: unknown, zone: string): Json | undefined {
  if (kind === 'instant') return readInstant(given, zone);
  const text = textOf(given);
  if (text === undefined || kind === 'text') return text;
  const digits = text.replace(/^[$€£]\s*/, '').replace(/,(?=\d{3}(\D|$))/g, '');
  if (kind === 'decimal') return /^-?\d+(\.\d+)?$/.test(digits) ? digits : undefined;
  return /^-?\d{1,15}(\.0+)?$/.test(digits) ? Number(digits) : undefined;
}

/** Lines end with a line feed alone. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'number' || typeof given === 'bigint') return String(given);
  return typeof given === 'string' && given !== '' ? given.replaceAll('\r\n', '\n') : undefined;
}

/** The first of the names that the row has with a value. */
function find(row: SourceRow, names: readonly string[]): unknown {
  for (const name of names) {
    const [date = '', time] = name.split('+');
    const found = at(row, date);
    if (found === null || found === undefined || found === '') continue;
    if (time === undefined) return found;
    const ofDay = at(row, time);
    if (typeof found === 'string' && typeof ofDay === 'string' && ofDay !== '') return `${found.slice(0, 10)} ${ofDay}`;
  }
  return MISSING;
}

function at(row: SourceRow, path: string): unknown {
  let value: unknown = row;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}
