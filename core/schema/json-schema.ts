import { type AvroType, type Constraints, type Field, type RecordType, withoutNull } from './avro-type.ts';
import { compileFromJson } from './from-json.ts';
import { generatedText, mayBeLeftOut } from './generated-field.ts';
import { MAX_LONG, MIN_LONG } from './long-range.ts';
import { alike, matchAvro } from './match-avro.ts';
import { MAX_FLOAT } from './shortest-float.ts';
import { compileToJson } from './to-json.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * The JSON Schema (draft 2020-12) of a record as people write it: nullable unions plain, times in RFC 3339, bytes in base64.
 * A field that has a default or is generated may be left out, and no other field may be.
 */
export function recordSchema(record: Pick<RecordType, 'fields' | 'doc'>): JsonSchema {
  return {
    type: 'object',
    ...(record.doc ? { description: record.doc } : {}),
    properties: Object.fromEntries(record.fields.map((field) => [field.name, fieldSchema(field)])),
    required: record.fields.filter((field) => !mayBeLeftOut(field)).map(({ name }) => name),
    additionalProperties: false,
  };
}

export function fieldSchema(field: Field): JsonSchema {
  const { examples } = field;
  const description = describe(field);
  return {
    ...typeSchema(field.type, field),
    ...(field.noSpaceAtEnd ? { noSpaceAtEnd: true } : {}),
    ...(description ? { description } : {}),
    ...(examples ? { examples } : {}),
    ...('default' in field && !field.generate ? { default: defaultJson(field) } : {}),
  };
}

const describe = ({ doc, unit, generate }: Field): string =>
  [doc, unit && `Unit: ${unit}.`, generate && `When left out: ${generatedText[generate]}.`].filter(Boolean).join(' ');

/** The default as people write it: Avro's is the underlying number or text. */
const defaultJson = (field: Field): unknown => compileToJson([field])(compileFromJson([field])({}))[field.name];

function typeSchema(type: AvroType, limits: Constraints): JsonSchema {
  const text = (format: string) => () => ({ type: 'string', format });
  return matchAvro<JsonSchema>(type, {
    null: () => ({ type: 'null' }),
    boolean: () => ({ type: 'boolean' }),
    int: () => ({ type: 'integer', ...range(limits, -(2 ** 31), 2 ** 31 - 1) }),
    long: () => ({ type: 'integer', ...range(limits, MIN_LONG, MAX_LONG) }),
    float: () => ({ type: 'number', ...range(limits, -MAX_FLOAT, MAX_FLOAT) }),
    double: () => ({ type: 'number', ...range(limits) }),
    string: () => ({
      type: 'string',
      wellFormed: true,
      ...lengths(limits),
      ...(limits.pattern ? { pattern: limits.pattern } : {}),
    }),
    bytes: () => ({ type: 'string', base64: {}, contentEncoding: 'base64' }),
    fixed: ({ size }) => ({ type: 'string', base64: { size }, contentEncoding: 'base64' }),
    enum: ({ symbols }) => ({ type: 'string', enum: symbols }),
    array: ({ items }) => ({ type: 'array', items: typeSchema(items, {}) }),
    map: ({ values }) => ({
      type: 'object',
      propertyNames: { mapKey: true, type: 'string' },
      additionalProperties: typeSchema(values, {}),
    }),
    record: recordSchema,
    union: (union) => unionSchema(union, limits),
    uuid: text('uuid'),
    date: text('date'),
    ...alike(['time-millis', 'time-micros'], text('time-of-day')),
    'timestamp-millis': text('date-time'),
    'timestamp-micros': text('date-time-micros'),
    decimal: ({ precision, scale }) => ({
      type: ['string', 'number'],
      decimal: { precision, scale, ...range(limits) },
    }),
  });
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
