import { messageOf } from '../problem/message-of.ts';
import { type AvroType, type Constraints, withoutNull } from './avro-type.ts';
import { compilePattern, LONGEST_MATCHED } from './compile-pattern.ts';
import { MAX_LONG, MIN_LONG } from './long-range.ts';
import { alike, matchAvro } from './match-avro.ts';
import { parseGenerate } from './parse-generate.ts';
import { SchemaFault } from './schema-fault.ts';
import { MAX_FLOAT } from './shortest-float.ts';

type Json = Readonly<Record<string, unknown>>;

const KINDS = {
  ...{ minimum: 'number', maximum: 'number', minLength: 'number', maxLength: 'number' },
  ...{ pattern: 'string', unit: 'string', table: 'string' },
} as const;

/** How far a quotient of two doubles may be from the whole number that it stands for. */
const ROUNDED = 1e-6;

/** Constraints of values; in a type, rather than beside a field's name, they would do nothing. */
const OF_VALUES = ['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'table', 'generate'] as const;

/**
 * What a field says beside plain Avro. Each must be one that its type can keep, so that nothing is promised and not done.
 * Throws a `SchemaFault` that names the field.
 */
export function parseConstraints(field: Json, type: AvroType, at: string): Constraints {
  const found: { -readonly [Name in keyof Constraints]: unknown } = {};
  for (const [name, kind] of entries(KINDS)) {
    if (!Object.hasOwn(field, name)) continue;
    if (typeof field[name] !== kind) throw new SchemaFault(`${at}: "${name}" must be a ${kind}`);
    found[name] = field[name];
  }
  if (Object.hasOwn(field, 'examples')) {
    if (!Array.isArray(field.examples)) throw new SchemaFault(`${at}: "examples" must be a list`);
    found.examples = field.examples;
  }
  const constraints = found as Constraints;
  requireFitting(constraints, type, at);
  requireRange(constraints, type, at);
  requireLengths(constraints, at);
  requirePattern(constraints, at);
  if (!Object.hasOwn(field, 'generate')) return constraints;
  return { ...constraints, generate: parseGenerate(field.generate, type, constraints, at) };
}

/** Refuses a type, such as an array's items, that has a constraint of its own. */
export function requireNoConstraints(type: Json, at: string): void {
  const [misplaced] = OF_VALUES.filter((name) => Object.hasOwn(type, name));
  if (misplaced !== undefined)
    throw new SchemaFault(`${at}: "${misplaced}" does nothing within a type; give it to a field, beside its "name"`);
}

function requireFitting(constraints: Constraints, type: AvroType, at: string): void {
  const fits = (name: keyof Constraints, is: (branch: AvroType) => boolean, whose: string) => {
    if (constraints[name] === undefined || branchesOf(type).some(is)) return;
    throw new SchemaFault(`${at}: "${name}" does nothing on this type; it is for ${whose}`);
  };
  fits('minimum', isNumber, 'numbers');
  fits('maximum', isNumber, 'numbers');
  fits('minLength', isText, 'texts');
  fits('maxLength', isText, 'texts');
  fits('pattern', isText, 'texts');
  const { type: inner } = withoutNull(type);
  const isList = inner.kind === 'array' && inner.items.kind === 'record';
  if (constraints.table !== undefined && !isList)
    throw new SchemaFault(`${at}: "table" does nothing on this type; it is for arrays of records`);
}

function requireRange({ minimum, maximum }: Constraints, type: AvroType, at: string): void {
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    throw new SchemaFault(`${at}: "minimum" ${minimum} is more than "maximum" ${maximum}`);
  const isEmpty = branchesOf(type)
    .filter(isNumber)
    .every((branch) => {
      const { least, most, step } = rangeOf(branch);
      const from = Math.max(minimum ?? least, least);
      const to = Math.min(maximum ?? most, most);
      return step === 0 ? from > to : Math.ceil(from / step - ROUNDED) > Math.floor(to / step + ROUNDED);
    });
  if ((minimum ?? maximum) !== undefined && isEmpty)
    throw new SchemaFault(`${at}: no value of its type lies between its "minimum" and "maximum"`);
}

function requireLengths({ minLength, maxLength }: Constraints, at: string): void {
  for (const [name, length] of Object.entries({ minLength, maxLength }))
    if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0))
      throw new SchemaFault(`${at}: "${name}" must be a number of characters, not ${length}`);
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
    throw new SchemaFault(`${at}: "minLength" ${minLength} is more than "maxLength" ${maxLength}`);
}

function requirePattern({ pattern, maxLength }: Constraints, at: string): void {
  if (pattern === undefined) return;
  try {
    const { isPlain } = compilePattern(pattern);
    if (isPlain || (maxLength ?? Number.POSITIVE_INFINITY) <= LONGEST_MATCHED) return;
  } catch (error) {
    const reason = messageOf(error);
    throw new SchemaFault(`${at}: "pattern" can't be used: ${reason}`);
  }
  throw new SchemaFault(
    `${at}: a "pattern" with groups, choices or several loops needs a "maxLength" of at most ${LONGEST_MATCHED}`,
  );
}

const branchesOf = (type: AvroType) => (type.kind === 'union' ? type.branches : [type]);
const isText = (type: AvroType) => type.kind === 'string' && type.logical === undefined;
const isNumber = (type: AvroType) => rangeOf(type).step >= 0;

/** The numbers of a type and how far apart they lie: 0 for those that are not fixed, a negative step for what is no number. */
function rangeOf(type: AvroType): { least: number; most: number; step: number } {
  const { POSITIVE_INFINITY: all } = Number;
  const none = () => ({ least: 0, most: 0, step: -1 });
  return matchAvro(type, {
    ...alike(['null', 'boolean', 'bytes', 'string', 'fixed', 'enum', 'array', 'map', 'record', 'union'], none),
    ...alike(['uuid', 'date', 'time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], none),
    int: () => ({ least: -(2 ** 31), most: 2 ** 31 - 1, step: 1 }),
    long: () => ({ least: MIN_LONG, most: MAX_LONG, step: 1 }),
    float: () => ({ least: -MAX_FLOAT, most: MAX_FLOAT, step: 0 }),
    double: () => ({ least: -all, most: all, step: 0 }),
    decimal: ({ precision, scale }) => {
      const step = 10 ** -scale;
      return { least: -(10 ** (precision - scale)) + step, most: 10 ** (precision - scale) - step, step };
    },
  });
}

const entries = <Key extends string, Value>(object: Readonly<Record<Key, Value>>) =>
  Object.entries(object) as [Key, Value][];
