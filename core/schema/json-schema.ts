import {
  type AvroType,
  type Constraints,
  type Field,
  type Logical,
  type RecordType,
  withoutNull,
} from './avro-type.ts';
import { compileFromJson } from './from-json.ts';
import { MAX_LONG, MIN_LONG } from './long-range.ts';
import { compileToJson } from './to-json.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

const MAX_FLOAT = 3.4028234663852886e38;

const LOGICAL_STRINGS: Readonly<Record<Exclude<Logical['name'], 'decimal'>, JsonSchema>> = {
  uuid: { type: 'string', format: 'uuid' },
  date: { type: 'string', format: 'date' },
  'time-millis': { type: 'string', format: 'time-of-day' },
  'time-micros': { type: 'string', format: 'time-of-day' },
  'timestamp-millis': { type: 'string', format: 'date-time' },
  'timestamp-micros': { type: 'string', format: 'date-time-micros' },
};

/**
 * The JSON Schema (draft 2020-12) of a record as people write it: nullable unions plain, times in RFC 3339, bytes in base64.
 * A field that has a default may be left out, and no other field may be.
 */
export function recordSchema(record: Pick<RecordType, 'fields' | 'doc'>): JsonSchema {
  return {
    type: 'object',
    ...(record.doc ? { description: record.doc } : {}),
    properties: Object.fromEntries(record.fields.map((field) => [field.name, fieldSchema(field)])),
    required: record.fields.filter((field) => !('default' in field)).map(({ name }) => name),
    additionalProperties: false,
  };
}

export function fieldSchema(field: Field): JsonSchema {
  const { doc, examples } = field;
  return {
    ...typeSchema(field.type, field),
    ...(doc ? { description: field.unit ? `${doc} Unit: ${field.unit}.` : doc } : {}),
    ...(examples ? { examples } : {}),
    ...('default' in field ? { default: defaultJson(field) } : {}),
  };
}

/** The default as people write it: Avro's is the underlying number or text. */
const defaultJson = (field: Field): unknown => compileToJson([field])(compileFromJson([field])({}))[field.name];

function typeSchema(type: AvroType, limits: Constraints): JsonSchema {
  if (type.kind === 'union') return unionSchema(type, limits);
  if ('logical' in type && type.logical) return logicalSchema(type.logical, limits);
  switch (type.kind) {
    case 'null':
    case 'boolean':
      return { type: type.kind };
    case 'int':
      return { type: 'integer', ...range(limits, -(2 ** 31), 2 ** 31 - 1) };
    case 'long':
      return { type: 'integer', ...range(limits, MIN_LONG, MAX_LONG) };
    case 'float':
      return { type: 'number', ...range(limits, -MAX_FLOAT, MAX_FLOAT) };
    case 'double':
      return { type: 'number', ...range(limits) };
    case 'string':
      return {
        type: 'string',
        wellFormed: true,
        ...lengths(limits),
        ...(limits.pattern ? { pattern: limits.pattern } : {}),
      };
    case 'bytes':
      return { type: 'string', base64: {}, contentEncoding: 'base64' };
    case 'fixed':
      return { type: 'string', base64: { size: type.size }, contentEncoding: 'base64' };
    case 'enum':
      return { type: 'string', enum: type.symbols };
    case 'array':
      return { type: 'array', items: typeSchema(type.items, {}) };
    case 'map':
      return {
        type: 'object',
        propertyNames: { mapKey: true, type: 'string' },
        additionalProperties: typeSchema(type.values, {}),
      };
    case 'record':
      return recordSchema(type);
  }
}

function logicalSchema(logical: Logical, limits: Constraints): JsonSchema {
  if (logical.name !== 'decimal') return LOGICAL_STRINGS[logical.name];
  return {
    type: ['string', 'number'],
    decimal: { precision: logical.precision, scale: logical.scale, ...range(limits) },
  };
}

function unionSchema(union: AvroType, limits: Constraints): JsonSchema {
  const { nullable, type } = withoutNull(union);
  if (type.kind === 'union') {
    const branches = type.branches.map((branch) => typeSchema(branch, limits));
    return { anyOf: nullable ? [...branches, { type: 'null' }] : branches };
  }
  const inner = typeSchema(type, limits);
  if (!nullable) return inner;
  const kinds = Array.isArray(inner.type) ? inner.type : [inner.type];
  return { ...inner, type: [...kinds, 'null'], ...(Array.isArray(inner.enum) ? { enum: [...inner.enum, null] } : {}) };
}

function range({ minimum, maximum }: Constraints, low?: number, high?: number): JsonSchema {
  const least = Math.max(minimum ?? Number.NEGATIVE_INFINITY, low ?? Number.NEGATIVE_INFINITY);
  const most = Math.min(maximum ?? Number.POSITIVE_INFINITY, high ?? Number.POSITIVE_INFINITY);
  return {
    ...(Number.isFinite(least) ? { minimum: least } : {}),
    ...(Number.isFinite(most) ? { maximum: most } : {}),
  };
}

function lengths({ minLength, maxLength }: Constraints): JsonSchema {
  return { ...(minLength === undefined ? {} : { minLength }), ...(maxLength === undefined ? {} : { maxLength }) };
}
