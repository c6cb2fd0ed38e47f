import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Fault } from '../problem/problem.ts';
import { parseDecimal } from './decimal.ts';
import { isBase64 } from './is-base64.ts';
import { isLargerThan } from './is-larger-than.ts';
import { isMapKey } from './is-map-key.ts';
import type { JsonSchema } from './json-schema.ts';
import { parseDate, parseInstant, parseInstantMicros } from './rfc3339.ts';
import { parseTimeOfDay } from './time-of-day.ts';
import { isUuid } from './uuid.ts';
import { valueMessages } from './value-messages.ts';

/** @param nameAll false answers the first fault alone, in a fraction of the time */
export type Validate = (value: unknown, nameAll?: boolean) => readonly Fault[];

const NO_FAULTS: readonly Fault[] = [];

const FORMAT_MESSAGES: Readonly<Record<string, string>> = valueMessages;

/** Far above what a person writes, and still cheap to name every fault of. */
const MAX_PARTS = 2_000;

/** The choices that a message names. */
const MAX_CHOICES = 50;

type DecimalRule = { precision: number; scale: number; minimum?: number; maximum?: number };

/**
 * A function that names every fault of a value at once, in the order of the schema's fields.
 * An empty answer means that the value can be encoded as Avro without loss. Of a value with more than `MAX_PARTS` members
 * and elements only the first fault is named: a million of them would take more memory than their reader has patience.
 */
export function compileValidator(schema: JsonSchema): Validate {
  const isValid = createAjv({ allErrors: false }).compile(schema);
  const ranks = new Map(Object.keys(schema.properties ?? {}).map((name, rank) => [name, rank]));
  let findAll: ValidateFunction | undefined;

  return (value, nameAll = true) => {
    if (isValid(value)) return NO_FAULTS;
    if (!nameAll || isLargerThan(value, MAX_PARTS)) return toFaults(isValid.errors ?? [], ranks);
    findAll ??= createAjv({ allErrors: true }).compile(schema);
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
  });
  ajv.addFormat('uuid', isUuid);
  ajv.addFormat('date-time', (text: string) => parseInstant(text) !== undefined);
  ajv.addFormat('date-time-micros', (text: string) => parseInstantMicros(text) !== undefined);
  ajv.addFormat('date', (text: string) => parseDate(text) !== undefined);
  ajv.addFormat('time-of-day', (text: string) => parseTimeOfDay(text) !== undefined);
  ajv.addKeyword({ keyword: 'wellFormed', type: 'string', validate: (_: true, text: string) => text.isWellFormed() });
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
  ajv.addKeyword({ keyword: 'decimal', type: ['string', 'number'], validate: isDecimal });
  return ajv;
}

function isDecimal({ precision, scale, minimum, maximum }: DecimalRule, value: string | number): boolean {
  if (parseDecimal(value, precision, scale) === undefined) return false;
  return (
    Number(value) >= (minimum ?? Number.NEGATIVE_INFINITY) && Number(value) <= (maximum ?? Number.POSITIVE_INFINITY)
  );
}

function toFaults(errors: readonly ErrorObject[], ranks: ReadonlyMap<string, number>): Fault[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  const inUnion = ({ keyword, instancePath }: ErrorObject) =>
    keyword !== 'anyOf' && unions.some((path) => instancePath === path || instancePath.startsWith(`${path}/`));
  const faults = errors.filter((error) => !inUnion(error) && error.keyword !== 'propertyNames').map(toFault);
  const rank = ({ pointer }: Fault) => ranks.get(pointer.split('/', 2)[1] ?? '') ?? ranks.size;
  return faults.sort((a, b) => rank(a) - rank(b));
}

function toFault({ instancePath, keyword, params, propertyName, message = 'is wrong' }: ErrorObject): Fault {
  const child = (name: unknown) => `${instancePath}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  switch (keyword) {
    case 'required':
      return { pointer: child(params.missingProperty), message: 'is required' };
    case 'additionalProperties':
      return { pointer: child(params.additionalProperty), message: 'is not a field of this stream' };
    case 'format':
      return { pointer: instancePath, message: FORMAT_MESSAGES[String(params.format)] ?? message };
    case 'type':
      return { pointer: instancePath, message: `must be ${String(params.type).replaceAll(',', ' or ')}` };
    case 'enum':
      return { pointer: instancePath, message: `must be one of ${firstOf([params.allowedValues].flat())}` };
    case 'wellFormed':
      return { pointer: instancePath, message: valueMessages.wellFormed };
    case 'mapKey':
      return { pointer: child(propertyName), message: 'has a key that is not well-formed Unicode, or is __proto__' };
    case 'base64':
      return { pointer: instancePath, message: valueMessages.base64 };
    case 'decimal':
      return {
        pointer: instancePath,
        message: 'must be a decimal that fits the precision, scale and limits of the field',
      };
    case 'anyOf':
      return { pointer: instancePath, message: 'matches none of the types that the field may have' };
    default:
      return { pointer: instancePath, message };
  }
}

/** Each record of a batch may name the same choices. */
function firstOf(choices: readonly unknown[]): string {
  const more = choices.length - MAX_CHOICES;
  return more > 0 ? `${choices.slice(0, MAX_CHOICES).join(', ')} and ${more} more` : choices.join(', ');
}
