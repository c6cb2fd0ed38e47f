import type { PrimitiveKind } from '../schema/avro-type.ts';
import { SchemaFault } from '../schema/schema-fault.ts';

export type NamedField = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: NamedType;
  /** The default as JSON; undefined when the field has none. */
  readonly fallback: string | undefined;
};

type Named = { readonly name: string; readonly aliases: readonly string[] };

/** An Avro schema as resolution sees it (Avro 1.12, "Schema Resolution"): full names, aliases and defaults, no documentation. */
export type NamedType =
  | { readonly kind: PrimitiveKind; readonly logical?: string }
  | (Named & { readonly kind: 'fixed'; readonly size: number; readonly logical?: string })
  | (Named & { readonly kind: 'enum'; readonly symbols: readonly string[]; readonly fallback: string | undefined })
  | (Named & { readonly kind: 'record'; readonly fields: readonly NamedField[] })
  | { readonly kind: 'array'; readonly items: NamedType }
  | { readonly kind: 'map'; readonly values: NamedType }
  | { readonly kind: 'union'; readonly branches: readonly NamedType[] };

type Json = Readonly<Record<string, unknown>>;
type Scope = { readonly namespace: string; readonly seen: Map<string, NamedType> };

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

/** Reads any valid Avro schema, recursive ones too, as registries hold schemas of all kinds. Throws a `SchemaFault`. */
export const namedType = (schema: unknown): NamedType => parse(schema, { namespace: '', seen: new Map() });

function parse(schema: unknown, scope: Scope): NamedType {
  if (typeof schema === 'string') return parseName(schema, scope);
  if (Array.isArray(schema)) return { kind: 'union', branches: schema.map((branch) => parse(branch, scope)) };
  if (!isObject(schema)) throw new SchemaFault(`${JSON.stringify(schema)} is not an Avro type`);
  switch (schema.type) {
    case 'record':
    case 'error':
      return parseRecord(schema, scope);
    case 'enum':
      return declare(schema, scope, (named) => ({
        ...named,
        kind: 'enum',
        symbols: strings(schema.symbols),
        fallback: typeof schema.default === 'string' ? schema.default : undefined,
      }));
    case 'fixed':
      return declare(schema, scope, (named) => ({
        ...named,
        kind: 'fixed',
        size: Number(schema.size),
        ...logicalOf(schema),
      }));
    case 'array':
      return { kind: 'array', items: parse(schema.items, scope) };
    case 'map':
      return { kind: 'map', values: parse(schema.values, scope) };
    default: {
      const inner = parse(schema.type, scope);
      return isPrimitive(inner) ? { ...inner, ...logicalOf(schema) } : inner;
    }
  }
}

function parseName(name: string, { namespace, seen }: Scope): NamedType {
  const primitive = PRIMITIVES.find((kind) => kind === name);
  if (primitive) return { kind: primitive };
  const found = seen.get(qualify(name, namespace)) ?? seen.get(name);
  if (!found) throw new SchemaFault(`unknown type "${name}"`);
  return found;
}

/** The fields are filled in after the record is known by name, so that it may hold itself. */
function parseRecord(schema: Json, scope: Scope): NamedType {
  const fields: NamedField[] = [];
  const record = declare(schema, scope, (named) => ({ ...named, kind: 'record', fields }));
  const inner = { ...scope, namespace: namespaceOf('name' in record ? record.name : '') };
  for (const field of Array.isArray(schema.fields) ? schema.fields : []) {
    if (!isObject(field)) throw new SchemaFault('a field must be an object');
    fields.push({
      name: String(field.name),
      aliases: strings(field.aliases),
      type: parse(field.type, inner),
      fallback: 'default' in field ? JSON.stringify(field.default) : undefined,
    });
  }
  return record;
}

function declare(schema: Json, { namespace, seen }: Scope, make: (named: Named) => NamedType): NamedType {
  const own = typeof schema.namespace === 'string' ? schema.namespace : namespace;
  const name = qualify(String(schema.name), own);
  const aliases = strings(schema.aliases).map((alias) => qualify(alias, namespaceOf(name)));
  const type = make({ name, aliases });
  seen.set(name, type);
  return type;
}

function logicalOf(schema: Json): { logical?: string } {
  if (typeof schema.logicalType !== 'string') return {};
  if (schema.logicalType !== 'decimal') return { logical: schema.logicalType };
  return { logical: `decimal(${String(schema.precision)}, ${String(schema.scale ?? 0)})` };
}

const qualify = (name: string, namespace: string) => (name.includes('.') || !namespace ? name : `${namespace}.${name}`);
const namespaceOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('.')));
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPrimitive = (type: NamedType): type is { kind: PrimitiveKind } => PRIMITIVES.some((kind) => kind === type.kind);
