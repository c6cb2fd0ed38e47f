import { randomUUID } from 'node:crypto';
import { type AvroType, withoutNull } from '../schema/avro-type.ts';
import { parseDecimal } from '../schema/decimal.ts';
import { ownFields } from '../schema/input-schema.ts';
import { alike, matchAvro } from '../schema/match-avro.ts';
import type { Stream } from '../schema/stream.ts';

/** What a JSON text holds, once or in a list: records, or CloudEvents with a record in `data`. */
export type Holds = 'record' | 'event';
export type ParseExactly = (text: string, holds: Holds) => unknown;

/** A double holds every number of 15 digits; with a point and a leading zero such a number has 17 characters at most. */
const LONG_NUMBER = /\d[\d.]{15}/;
const STRING_OR_LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g;
/** No client can know it, so no text of a client can be taken for a number. */
const MARK = `${randomUUID()} `;
const MOST_LONG_DIGITS = 20;

/**
 * Compiles a `JSON.parse` that rounds no digit of a stream's decimals and whole numbers. A text without a long number is
 * parsed once, as ever; in another one long numbers are parsed as texts, and each becomes what its field reads exactly:
 * the text for a decimal, a number for others, and for a whole number that is none the text, which is then refused.
 */
export function compileParseExactly(stream: Stream): ParseExactly {
  const record: AvroType = { kind: 'record', name: '', fields: ownFields(stream) };
  if (!holdsExact(record)) return (text) => JSON.parse(text);
  return (text, holds) => {
    const value: unknown = JSON.parse(text);
    if (!LONG_NUMBER.test(text)) return value;
    try {
      return settleAll(JSON.parse(marked(text)), holds, record);
    } catch (error) {
      if (error instanceof RangeError) return value;
      throw error;
    }
  };
}

/** Called with valid JSON only. */
const marked = (text: string) =>
  text.replaceAll(STRING_OR_LONG_NUMBER, (token) => (token.startsWith('"') ? token : `"${MARK}${token}"`));

function settleAll(value: unknown, holds: Holds, record: AvroType): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => settleAll(each, holds, record));
  if (holds === 'record' || !isObject(value)) return settle(value, record);
  return replaceMembers(value, (name, member) => settle(member, name === 'data' ? record : undefined));
}

/** @param type undefined for what is no part of the stream, where a number is a number */
function settle(value: unknown, type: AvroType | undefined): unknown {
  if (typeof value === 'string') return value.startsWith(MARK) ? numberOf(value.slice(MARK.length), type) : value;
  if (typeof value !== 'object' || value === null) return value;
  const branches = type === undefined ? [] : branchesOf(type);
  if (Array.isArray(value)) {
    const items = branches.flatMap((branch) => (branch.kind === 'array' ? branch.items : []))[0];
    return value.map((each: unknown) => settle(each, items));
  }
  return replaceMembers(value as Record<string, unknown>, (name, member) => settle(member, memberType(branches, name)));
}

function memberType(branches: readonly AvroType[], name: string): AvroType | undefined {
  for (const branch of branches) {
    if (branch.kind === 'map') return branch.values;
    if (branch.kind === 'record') return branch.fields.find((field) => field.name === name)?.type;
  }
  return undefined;
}

/** In place; a member may be named `__proto__`, which an assignment would take for something else. */
function replaceMembers(
  object: Record<string, unknown>,
  replaced: (name: string, member: unknown) => unknown,
): Record<string, unknown> {
  for (const [name, member] of Object.entries(object)) {
    const value = replaced(name, member);
    if (value !== member)
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** A number picks the number among a union's types; a decimal reads one where there is no other. */
function numberOf(token: string, type: AvroType | undefined): unknown {
  const uses = type === undefined ? [] : branchesOf(type).map(useOf);
  if (uses.includes('number')) return Number(token);
  if (uses.includes('whole')) return parseDecimal(token, MOST_LONG_DIGITS, 0) === undefined ? token : Number(token);
  return uses.includes('decimal') ? token : Number(token);
}

const branchesOf = (type: AvroType) => (type.kind === 'union' ? type.branches : [type]);

type Use = 'number' | 'whole' | 'decimal' | 'none';

const useOf = (type: AvroType): Use =>
  matchAvro<Use>(type, {
    ...alike(['float', 'double'], () => 'number'),
    ...alike(['int', 'long'], () => 'whole'),
    decimal: () => 'decimal',
    ...alike(['null', 'boolean', 'bytes', 'string', 'fixed', 'enum', 'array', 'map', 'record', 'union'], () => 'none'),
    ...alike(['uuid', 'date', 'time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], () => 'none'),
  });

/** Whether a value of the type has a part that a double could round without a word. */
function holdsExact(type: AvroType): boolean {
  const { type: inner } = withoutNull(type);
  if (inner.kind === 'array') return holdsExact(inner.items);
  if (inner.kind === 'map') return holdsExact(inner.values);
  if (inner.kind === 'record') return inner.fields.some((field) => holdsExact(field.type));
  if (inner.kind === 'union') return inner.branches.some(holdsExact);
  return useOf(inner) === 'whole' || useOf(inner) === 'decimal';
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
