import type { AvroType, Constraints, Field, Logical, PrimitiveKind, RecordType } from './avro-type.ts';
import { defaultValue } from './default-value.ts';
import { jsonKind } from './from-json.ts';
import { SchemaFault } from './schema-fault.ts';
import { avroShape } from './to-json.ts';

type Json = Readonly<Record<string, unknown>>;
type Fault = (message: string) => never;

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveKind>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);
const LOGICAL_ON: Readonly<Record<string, readonly string[]>> = {
  uuid: ['string'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  decimal: ['bytes', 'fixed'],
};
/** What the column of an enum holds. */
const LONGEST_SYMBOL = 255;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const CONSTRAINTS = {
  minimum: 'number',
  maximum: 'number',
  minLength: 'number',
  maxLength: 'number',
  pattern: 'string',
  unit: 'string',
  table: 'string',
} as const;

/**
 * Reads an Avro record schema (Avro 1.12 specification, "Schema Declaration") into a tree without named references.
 * Throws a `SchemaFault` that says where and what; recursive types are refused, for a row or a JSON page has no end of them.
 */
export function parseAvroRecord(schema: unknown): RecordType {
  const type = parseType(schema, '', new Map());
  if (type.kind !== 'record') throw new SchemaFault('must be an Avro record');
  return type;
}

/** `seen` holds the named types met so far; undefined marks one whose definition is still open. */
function parseType(schema: unknown, at: string, seen: Map<string, AvroType | undefined>): AvroType {
  const fault: Fault = (message) => {
    throw new SchemaFault(at ? `${at}: ${message}` : message);
  };
  if (typeof schema === 'string') return parseNamed(schema, seen, fault);
  if (Array.isArray(schema)) return parseUnion(schema, at, seen, fault);
  if (!isObject(schema)) return fault('is not an Avro type');

  switch (schema.type) {
    case 'record': {
      const name = openName(schema, seen, fault);
      const fields = parseFields(schema.fields, at, seen, fault);
      return close(seen, name, { kind: 'record', name, ...docOf(schema), fields });
    }
    case 'enum': {
      const name = openName(schema, seen, fault);
      if (!isStrings(schema.symbols) || schema.symbols.length === 0) return fault('an enum needs "symbols"');
      requireSymbols(schema.symbols, schema.default, fault);
      return close(seen, name, { kind: 'enum', name, symbols: schema.symbols });
    }
    case 'fixed': {
      const name = openName(schema, seen, fault);
      if (!isCount(schema.size)) return fault('a fixed needs a "size"');
      return close(seen, name, { kind: 'fixed', name, size: schema.size, ...logicalOf(schema, 'fixed', fault) });
    }
    case 'array':
      return { kind: 'array', items: parseType(schema.items, `${at}[]`, seen) };
    case 'map':
      return { kind: 'map', values: parseType(schema.values, `${at}{}`, seen) };
    default: {
      const inner = parseType(schema.type, at, seen);
      return isPrimitive(inner) ? { kind: inner.kind, ...logicalOf(schema, inner.kind, fault) } : inner;
    }
  }
}

function parseNamed(name: string, seen: Map<string, AvroType | undefined>, fault: Fault): AvroType {
  if (isPrimitiveKind(name)) return { kind: name };
  const short = name.slice(name.lastIndexOf('.') + 1);
  if (!seen.has(short)) return fault(`unknown type "${name}"`);
  return seen.get(short) ?? fault(`type "${name}" contains itself, which a table can't hold`);
}

function parseUnion(
  schema: readonly unknown[],
  at: string,
  seen: Map<string, AvroType | undefined>,
  fault: Fault,
): AvroType {
  const branches = schema.map((branch) => parseType(branch, at, seen));
  if (branches.length === 0) return fault('a union needs at least one type');
  if (branches.some(({ kind }) => kind === 'union')) return fault('a union may not hold a union');
  if (hasTwins(branches.map(jsonKind)) || hasTwins(branches.map(avroShape)))
    return fault('the types of this union look alike in JSON; keep one of them, or use a record');
  return { kind: 'union', branches };
}

function parseFields(fields: unknown, at: string, seen: Map<string, AvroType | undefined>, fault: Fault): Field[] {
  if (!Array.isArray(fields) || fields.length === 0) return fault('a record needs "fields"');
  const names = new Map<string, string>();
  return fields.map((field: unknown) => {
    if (!isObject(field) || typeof field.name !== 'string' || !NAME.test(field.name) || field.name === '__proto__')
      return fault('every field needs a "name" of letters, digits and _');
    const { name } = field;
    const twin = names.get(name.toLowerCase());
    if (twin === name) return fault(`field "${name}" stands twice`);
    if (twin !== undefined)
      return fault(`fields "${twin}" and "${name}" differ in case only, and databases take them for one`);
    names.set(name.toLowerCase(), name);
    const path = at ? `${at}.${field.name}` : `field "${field.name}"`;
    const type = parseType(field.type, path, seen);
    if ('default' in field) defaultValue(type, field.default, path);
    return {
      name: field.name,
      type,
      ...docOf(field),
      ...(isStrings(field.aliases) ? { aliases: field.aliases } : {}),
      ...('default' in field ? { default: field.default } : {}),
      ...constraintsOf(field, path),
    };
  });
}

function constraintsOf(field: Json, at: string): Constraints {
  const found: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(CONSTRAINTS)) {
    if (!(name in field)) continue;
    if (typeof field[name] !== kind) throw new SchemaFault(`${at}: "${name}" must be a ${kind}`);
    found[name] = field[name];
  }
  if ('examples' in field) {
    if (!Array.isArray(field.examples)) throw new SchemaFault(`${at}: "examples" must be a list`);
    found.examples = field.examples;
  }
  return found;
}

function logicalOf(schema: Json, kind: string, fault: Fault): { logical?: Logical } {
  const name = schema.logicalType;
  if (name === undefined) return {};
  if (typeof name !== 'string' || !(name in LOGICAL_ON))
    return fault(`logical type ${JSON.stringify(name)} is not supported`);
  if (!LOGICAL_ON[name]?.includes(kind)) return fault(`logical type "${name}" does not fit "${kind}"`);
  if (name !== 'decimal') return { logical: { name: name as Exclude<Logical['name'], 'decimal'> } };
  const { precision, scale = 0 } = schema;
  if (
    !isCount(precision) ||
    precision > 65 ||
    typeof scale !== 'number' ||
    scale < 0 ||
    scale > Math.min(precision, 30)
  )
    return fault('a decimal needs a "precision" of 1 to 65 and a "scale" of 0 to 30, at most the precision');
  return { logical: { name, precision, scale } };
}

/** avsc keeps symbols as members of an object, where those that every object inherits are taken. */
function requireSymbols(symbols: readonly string[], fallback: unknown, fault: Fault): void {
  const [odd] = symbols.filter((symbol) => !NAME.test(symbol));
  if (odd !== undefined) fault(`the symbol ${JSON.stringify(odd)} is not a name of letters, digits and _`);
  const [taken] = symbols.filter((symbol) => symbol in Object.prototype);
  if (taken !== undefined) fault(`the symbol "${taken}" can't be used: every object has a member of that name`);
  const [twice] = symbols.filter((symbol, index) => symbols.indexOf(symbol) !== index);
  if (twice !== undefined) fault(`the symbol "${twice}" stands twice`);
  const [long] = symbols.filter((symbol) => symbol.length > LONGEST_SYMBOL);
  if (long !== undefined) fault(`the symbol "${long.slice(0, 40)}…" has more than ${LONGEST_SYMBOL} characters`);
  if (fallback !== undefined && !symbols.some((symbol) => symbol === fallback))
    fault(`the enum's default ${JSON.stringify(fallback)} is not one of its symbols`);
}

function openName(schema: Json, seen: Map<string, AvroType | undefined>, fault: Fault): string {
  if (typeof schema.name !== 'string') return fault(`a ${String(schema.type)} needs a "name"`);
  const name = schema.name.slice(schema.name.lastIndexOf('.') + 1);
  if (!NAME.test(name)) return fault(`"${schema.name}" is not a name of letters, digits and _`);
  if (seen.has(name)) return fault(`type "${name}" is defined twice`);
  seen.set(name, undefined);
  return name;
}

function close<T extends AvroType>(seen: Map<string, AvroType | undefined>, name: string, type: T): T {
  seen.set(name, type);
  return type;
}

const hasTwins = (kinds: readonly string[]) => new Set(kinds).size < kinds.length;
const docOf = (schema: Json) => (typeof schema.doc === 'string' ? { doc: schema.doc } : {});
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0;
const isPrimitiveKind = (name: string): name is PrimitiveKind => PRIMITIVES.has(name);
const isPrimitive = (type: AvroType): type is { kind: PrimitiveKind } => PRIMITIVES.has(type.kind);
