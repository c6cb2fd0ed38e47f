import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Fault } from '../problem/problem.ts';
import { compilePattern } from './compile-pattern.ts';
import { parseDecimal } from './decimal.ts';
import { isBase64 } from './is-base64.ts';
import { isLargerThan } from './is-larger-than.ts';
import { isMapKey } from './is-map-key.ts';
import type { JsonSchema } from './json-schema.ts';
import { parseDate, parseInstant, parseInstantMicros } from './rfc3339.ts';
import { parseTimeOfDay } from './time-of-day.ts';
import { toFault } from './to-fault.ts';
import { isUuid } from './uuid.ts';

/** @param nameAll false answers the first fault alone, in a fraction of the time */
export type Validate = (value: unknown, nameAll?: boolean) => readonly Fault[];

const NO_FAULTS: readonly Fault[] = [];

/** Far above what a person writes, and still cheap to name every fault of. */
const MAX_PARTS = 2_000;

type DecimalRule = { precision: number; scale: number; minimum?: number; maximum?: number };

/** Patterns run in an engine that no text can hold up (see `compile-pattern`). */
const regExp = Object.assign(
  (pattern: string) => {
    const { test } = compilePattern(pattern);
    return { test, exec: () => null, toString: () => pattern };
  },
  { code: 'compilePattern' },
);

/** Shared, since each takes longer to compile its meta-schema than a schema of ours. */
const ajvOfFirst = createAjv({ allErrors: false });
const ajvOfAll = createAjv({ allErrors: true });

/**
 * A function that names every fault of a value at once, in the order of the schema's fields.
 * An empty answer means that the value can be encoded as Avro without loss. Of a value with more than `MAX_PARTS` members
 * and elements only the first fault is named: a million of them would take more memory than their reader has patience.
 */
export function compileValidator(schema: JsonSchema): Validate {
  const isValid = ajvOfFirst.compile(schema);
  const ranks = new Map(Object.keys(schema.properties ?? {}).map((name, rank) => [name, rank]));
  let findAll: ValidateFunction | undefined;

  return (value, nameAll = true) => {
    if (isValid(value)) return NO_FAULTS;
    if (!nameAll || isLargerThan(value, MAX_PARTS)) return toFaults(isValid.errors ?? [], ranks);
    findAll ??= ajvOfAll.compile(schema);
    findAll(value);
    return toFaults(findAll.errors ?? [], ranks);
  };
}

function createAjv({ allErrors }: { allErrors: boolean }): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    strict: true,
    strictNumbers: true,
    allowUnionTypes: true,
    ownProperties: true,
    verbose: true,
    // Two schemas may have one name.
    addUsedSchema: false,
    code: { regExp },
  });
  ajv.addFormat('uuid', isUuid);
  ajv.addFormat('date-time', (text: string) => parseInstant(text) !== undefined);
  ajv.addFormat('date-time-micros', (text: string) => parseInstantMicros(text) !== undefined);
  ajv.addFormat('date', (text: string) => parseDate(text) !== undefined);
  ajv.addFormat('time-of-day', (text: string) => parseTimeOfDay(text) !== undefined);
  ajv.addKeyword({ keyword: 'wellFormed', type: 'string', validate: (_: true, text: string) => text.isWellFormed() });
  ajv.addKeyword({ keyword: 'noSpaceAtEnd', type: 'string', validate: (_: true, text: string) => !text.endsWith(' ') });
  ajv.addKeyword({
    keyword: 'mapKey',
    type: 'string',
    validate: (_: true, text: string) => isMapKey(text),
  });
  ajv.addKeyword({
    keyword: 'base64',
    type: 'string',
    validate: ({ size }: { size?: number }, text: string) => isBase64(text, size),
  });
  ajv.addKeyword({ keyword: 'decimal', type: ['string', 'number'], compile: isDecimal });
  return ajv;
}

/** Limits are compared as the numbers that they are written as, which a double of the value may not be. */
function isDecimal({ precision, scale, minimum, maximum }: DecimalRule): (value: string | number) => boolean {
  const least = minimum === undefined ? undefined : unscaledLimit(minimum, scale, 1n);
  const most = maximum === undefined ? undefined : unscaledLimit(maximum, scale, 0n);
  return (value) => {
    const unscaled = parseDecimal(value, precision, scale);
    if (unscaled === undefined) return false;
    return (least === undefined || unscaled >= least) && (most === undefined || unscaled <= most);
  };
}

/** More places than any double needs to be written in full. */
const ALL_PLACES = 340;

/** A limit in units of the scale: rounded down, or up by one unit where something is cut off. */
function unscaledLimit(limit: number, scale: number, up: 0n | 1n): bigint {
  const exact = parseDecimal(limit, 2 * ALL_PLACES, ALL_PLACES) ?? 0n;
  const unit = 10n ** BigInt(ALL_PLACES - scale);
  const cut = exact % unit;
  const whole = exact / unit;
  if (cut === 0n) return whole;
  return up === 1n ? whole + (cut > 0n ? 1n : 0n) : whole - (cut < 0n ? 1n : 0n);
}

function toFaults(errors: readonly ErrorObject[], ranks: ReadonlyMap<string, number>): Fault[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  const inUnion = ({ keyword, instancePath }: ErrorObject) =>
    keyword !== 'anyOf' && unions.some((path) => instancePath === path || instancePath.startsWith(`${path}/`));
  const faults = errors.filter((error) => !inUnion(error) && error.keyword !== 'propertyNames').map(toFault);
  const rank = ({ pointer }: Fault) => ranks.get(pointer.split('/', 2)[1] ?? '') ?? ranks.size;
  return faults.sort((a, b) => rank(a) - rank(b));
}
