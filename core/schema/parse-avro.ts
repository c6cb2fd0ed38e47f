import { type AvroNames, createAvroNames, namespaceOf } from './avro-names.ts';
import type { AvroType, Field, PrimitiveKind, RecordType } from './avro-type.ts';
import { defaultValue } from './default-value.ts';
import { jsonKind } from './from-json.ts';
import { parseConstraints, requireNoConstraints } from './parse-constraints.ts';
import { parseLogical } from './parse-logical.ts';
import { SchemaFault } from './schema-fault.ts';
import { avroShape } from './to-json.ts';

type Json = Readonly<Record<string, unknown>>;
type Fault = (message: string) => never;

/** Where a type stands: its field for messages, the namespace of its names, and how many containers it lies in. */
type Place = { readonly at: string; readonly namespace: string; readonly depth: number; readonly names: AvroNames };

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveKind>([
  ...(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const),
]);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What the column of an enum holds. */
const LONGEST_SYMBOL = 255;
/** Containers within containers: MariaDB takes JSON of 31 levels, the record itself among them. */
const DEEPEST = 30;
/** Of all records together: more than any table or page can show. */
const MOST_PARTS = 10_000;
/** More than any record has; of bytes to make an example of. */
const LARGEST_FIXED = 1_048_576;

/**
 * Reads an Avro record schema (Avro 1.12 specification, "Schema Declaration") into a tree without named references.
 * Throws a `SchemaFault` that says where and what; recursive types are refused, for a row or a JSON page has no end of them.
 */
export function parseAvroRecord(schema: unknown): RecordType {
  const type = parseType(schema, { at: '', namespace: '', depth: 0, names: createAvroNames() });
  if (type.kind !== 'record') throw new SchemaFault('must be an Avro record');
  if (partsOf(type, new Map()) > MOST_PARTS)
    throw new SchemaFault(`its records, written out wherever they are named, have more than ${MOST_PARTS} fields`);
  return type;
}

/** A type that is named often is written out as often, which a few lines can make without end. */
function partsOf(type: AvroType, known: Map<AvroType, number>): number {
  const found = known.get(type);
  if (found !== undefined) return found;
  const inside = type.kind === 'record' ? type.fields.map((field) => field.type) : containedIn(type);
  const parts = inside.reduce((sum, each) => sum + partsOf(each, known), 1);
  known.set(type, parts);
  return parts;
}

function containedIn(type: AvroType): readonly AvroType[] {
  if (type.kind === 'array') return [type.items];
  if (type.kind === 'map') return [type.values];
  return type.kind === 'union' ? type.branches : [];
}

function parseType(schema: unknown, place: Place): AvroType {
  const { at, names } = place;
  const fault = faultAt(at);
  if (typeof schema === 'string') return parseNamed(schema, place, fault);
  if (Array.isArray(schema)) return parseUnion(schema, place, fault);
  if (!isObject(schema)) return fault('is not an Avro type');
  if (place.depth > DEEPEST) return fault(`lies more than ${DEEPEST} arrays, maps and records deep`);
  if (at !== '') requireNoConstraints(schema, at);
  const inside = { ...place, depth: place.depth + 1 };

  switch (schema.type) {
    case 'record': {
      const fullName = openName(schema, place, fault);
      const fields = parseFields(schema.fields, { ...inside, namespace: namespaceOf(fullName) }, fault);
      return names.close(fullName, { kind: 'record', name: names.shortName(fullName), ...docOf(schema), fields });
    }
    case 'enum': {
      const fullName = openName(schema, place, fault);
      if (!isStrings(schema.symbols) || schema.symbols.length === 0) return fault('an enum needs "symbols"');
      requireSymbols(schema.symbols, schema.default, fault);
      const fallback = typeof schema.default === 'string' ? { default: schema.default } : {};
      return names.close(fullName, {
        ...{ kind: 'enum', name: names.shortName(fullName), symbols: schema.symbols },
        ...fallback,
      });
    }
    case 'fixed': {
      const fullName = openName(schema, place, fault);
      const { size } = schema;
      if (!isSize(size)) return fault(`a fixed needs a "size" of 1 to ${LARGEST_FIXED} bytes`);
      const logical = parseLogical(schema, 'fixed', size, at);
      return names.close(fullName, { kind: 'fixed', name: names.shortName(fullName), size, ...logical });
    }
    case 'array':
      return { kind: 'array', items: parseType(schema.items, { ...inside, at: `${at}[]` }) };
    case 'map':
      return { kind: 'map', values: parseType(schema.values, { ...inside, at: `${at}{}` }) };
    default: {
      if (typeof schema.type !== 'string')
        return fault('a "type" within a type must be a name; leave out one of the two');
      const inner = parseType(schema.type, inside);
      return isPrimitive(inner) ? { kind: inner.kind, ...parseLogical(schema, inner.kind, undefined, at) } : inner;
    }
  }
}

function parseNamed(name: string, { namespace, names }: Place, fault: Fault): AvroType {
  if (isPrimitiveKind(name)) return { kind: name };
  const found = names.find(name, namespace);
  if (!found) return fault(`unknown type "${name}"; a type is defined before its name is used`);
  return found.type ?? fault(`type "${name}" contains itself, which a table can't hold`);
}

function parseUnion(schema: readonly unknown[], place: Place, fault: Fault): AvroType {
  if (schema.length === 0) return fault('a union needs at least one type');
  if (schema.some(Array.isArray)) return fault('a union may not hold a union');
  const branches = schema.map((branch) => parseType(branch, place));
  if (hasTwins(branches.map(jsonKind)) || hasTwins(branches.map(avroShape)))
    return fault('the types of this union look alike in JSON; keep one of them, or use a record');
  return { kind: 'union', branches };
}

function parseFields(fields: unknown, place: Place, fault: Fault): Field[] {
  if (!Array.isArray(fields) || fields.length === 0) return fault('a record needs "fields"');
  const seen = new Map<string, string>();
  return fields.map((field: unknown) => {
    if (!isObject(field) || typeof field.name !== 'string' || !NAME.test(field.name) || field.name === '__proto__')
      return fault('every field needs a "name" of letters, digits and _');
    const { name } = field;
    const twin = seen.get(name.toLowerCase());
    if (twin === name) return fault(`field "${name}" stands twice`);
    if (twin !== undefined)
      return fault(`fields "${twin}" and "${name}" differ in case only, and databases take them for one`);
    seen.set(name.toLowerCase(), name);
    return parseField(field, name, { ...place, at: place.at ? `${place.at}.${name}` : `field "${name}"` });
  });
}

function parseField(field: Json, name: string, place: Place): Field {
  const type = parseType(field.type, place);
  if (place.depth > 1 && 'generate' in field)
    throw new SchemaFault(`${place.at}: "generate" does nothing within a record; it is for the stream's own fields`);
  if ('default' in field) defaultValue(type, field.default, place.at);
  return {
    name,
    type,
    ...docOf(field),
    ...(isStrings(field.aliases) ? { aliases: field.aliases } : {}),
    ...('default' in field ? { default: field.default } : {}),
    ...parseConstraints(field, type, place.at),
  };
}

/** avsc keeps symbols as members of an object, where those that every object inherits are taken. */
function requireSymbols(symbols: readonly string[], fallback: unknown, fault: Fault): void {
  const [odd] = symbols.filter((symbol) => !NAME.test(symbol));
  if (odd !== undefined) fault(`the symbol ${JSON.stringify(odd)} is not a name of letters, digits and _`);
  const [taken] = symbols.filter((symbol) => symbol in Object.prototype);
  if (taken !== undefined) fault(`the symbol "${taken}" can't be used: every object has a member of that name`);
  if (hasTwins(symbols)) fault('a symbol stands twice in its enum');
  const [long] = symbols.filter((symbol) => symbol.length > LONGEST_SYMBOL);
  if (long !== undefined) fault(`the symbol "${long.slice(0, 40)}…" has more than ${LONGEST_SYMBOL} characters`);
  if (fallback !== undefined && !symbols.some((symbol) => symbol === fallback))
    fault(`the enum's default ${JSON.stringify(fallback)} is not one of its symbols`);
}

function openName(schema: Json, { names, namespace }: Place, fault: Fault): string {
  const opened = names.open(schema, namespace);
  return 'fault' in opened ? fault(opened.fault) : opened.fullName;
}

function faultAt(at: string): Fault {
  return (message) => {
    throw new SchemaFault(at ? `${at}: ${message}` : message);
  };
}

const hasTwins = (kinds: readonly string[]) => new Set(kinds).size < kinds.length;
const docOf = (schema: Json) => (typeof schema.doc === 'string' ? { doc: schema.doc } : {});
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST_FIXED;
const isPrimitiveKind = (name: string): name is PrimitiveKind => PRIMITIVES.has(name);
const isPrimitive = (type: AvroType): type is { kind: PrimitiveKind } => PRIMITIVES.has(type.kind);
