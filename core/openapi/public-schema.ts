import type { JsonSchema } from '../schema/json-schema.ts';

/**
 * The validator's schema in words that every JSON Schema tool knows: what only our validator understands becomes the
 * pattern that accepts the same texts.
 */
export function publicSchema(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).flatMap(([keyword, value]) => translate(keyword, value)));
}

const DAY = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
const TIME = '([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
const OFFSET = '([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)';
const FROM_1828_TO_2254 = '(182[89]|18[3-9]\\d|19\\d\\d|2[01]\\d\\d|22[0-4]\\d|225[0-4])';
const SINCE_1000 = '(?!0)';

/** RFC 3339 leaves room for leap seconds and the year 0, which neither a timestamp nor a DATETIME can hold. */
const FORMATS: Readonly<Record<string, JsonSchema>> = {
  'date-time': { format: 'date-time', pattern: `^${SINCE_1000}${DAY}[Tt]${TIME}(\\.\\d{1,9})?${OFFSET}$` },
  'date-time-micros': {
    format: 'date-time',
    pattern: `^${FROM_1828_TO_2254}${DAY.slice('\\d{4}'.length)}[Tt]${TIME}(\\.\\d{1,9})?${OFFSET}$`,
  },
  date: { format: 'date', pattern: `^${SINCE_1000}${DAY}$` },
  'time-of-day': { pattern: `^${TIME}(\\.\\d{1,6})?$` },
};

const NESTED = new Set(['items', 'additionalProperties']);
const ONLY_OURS = new Set(['wellFormed', 'propertyNames']);

function translate(keyword: string, value: unknown): [string, unknown][] {
  if (ONLY_OURS.has(keyword)) return [];
  if (keyword === 'noSpaceAtEnd') return [['not', { type: 'string', pattern: ' $' }]];
  if (keyword === 'format') return Object.entries(FORMATS[String(value)] ?? { format: value });
  if (keyword === 'base64' && isObject(value)) return [['pattern', base64Pattern(value.size)]];
  if (keyword === 'decimal' && isObject(value)) return Object.entries(decimalSchema(value));
  if (NESTED.has(keyword) && isObject(value)) return [[keyword, publicSchema(value)]];
  if (keyword === 'properties' && isObject(value)) {
    const properties = Object.entries(value).map(([name, inner]) => [
      name,
      isObject(inner) ? publicSchema(inner) : inner,
    ]);
    return [[keyword, Object.fromEntries(properties)]];
  }
  if (keyword === 'anyOf' && Array.isArray(value))
    return [[keyword, value.map((inner) => (isObject(inner) ? publicSchema(inner) : inner))]];
  return [[keyword, value]];
}

function base64Pattern(size: unknown): string {
  const four = '(?:[A-Za-z0-9+/]{4})';
  if (typeof size !== 'number') return `^${four}*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`;
  const end = ['', '[A-Za-z0-9+/]{2}==', '[A-Za-z0-9+/]{3}='][size % 3] ?? '';
  return `^${four}{${Math.floor(size / 3)}}${end}$`;
}

/** A decimal as a text or a number. Its limits hold for both, but JSON Schema can express them for numbers only. */
function decimalSchema({ precision, scale, minimum, maximum }: JsonSchema): JsonSchema {
  const [digits, places] = [Number(precision), Number(scale)];
  const most = 10 ** (digits - places);
  const whole = digits === places ? '0+' : `0*\\d{1,${digits - places}}`;
  const fraction = places === 0 ? '(\\.0+)?' : `(\\.\\d{1,${places}}0*)?`;
  const sign = typeof minimum === 'number' && minimum >= 0 ? '\\+?' : '[+-]?';
  return {
    pattern: `^${sign}${whole}${fraction}$`,
    ...(places === 0 ? { multipleOf: 1 } : { multipleOf: Number(`1e-${places}`) }),
    ...(typeof minimum === 'number' ? { minimum } : { exclusiveMinimum: -most }),
    ...(typeof maximum === 'number' ? { maximum } : { exclusiveMaximum: most }),
  };
}

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
