import { type Field, withoutNull } from './avro-type.ts';
import { decimalToBytes, parseDecimal } from './decimal.ts';
import { isBase64 } from './is-base64.ts';
import { MAX_LONG, MIN_LONG } from './long-range.ts';
import { alike, matchAvro } from './match-avro.ts';
import { parseDate, parseInstant, parseInstantMicros } from './rfc3339.ts';
import { parseTimeOfDay } from './time-of-day.ts';
import { isUuid } from './uuid.ts';
import { valueMessages } from './value-messages.ts';

/** A value as `Value` says, or why the text is none, as the rest of a sentence that begins with the field's name. */
export type TextValue = { readonly value: unknown } | { readonly fault: string };
export type FromText = (text: string) => TextValue;

/** JSON's own numbers: what else `Number` takes for one, such as `0x10`, an empty text or spaces, is none. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LONG_DIGITS = 16;

/**
 * Compiles the reading of a field's text, be it a query parameter, a key in a path or a cell: as a record's JSON would be
 * read, so that a record is found by what it was posted with. Null has no text, and no more have arrays, maps and records.
 */
export function compileFromText(field: Pick<Field, 'type' | 'maxLength' | 'noSpaceAtEnd'>): FromText {
  const { type: avro } = field;
  const { type } = withoutNull(avro);
  const none = () => () => ({ fault: 'has parts, so no text stands for a value of it' });
  return matchAvro<FromText>(type, {
    null: none,
    boolean: () => (text) =>
      either(text === 'true' ? true : text === 'false' ? false : undefined, 'must be true or false'),
    int: () => (text) => whole(text, -(2 ** 31), 2 ** 31 - 1),
    long: () => (text) => whole(text, MIN_LONG, MAX_LONG),
    float: () => (text) => either(numberOf(text, Math.fround), 'must be a number that a float holds'),
    double: () => (text) => either(numberOf(text), 'must be a number'),
    string: () => textOf(field),
    bytes: () => (text) => base64(text),
    fixed:
      ({ size }) =>
      (text) =>
        base64(text, size),
    enum:
      ({ symbols }) =>
      (text) =>
        either(symbols.includes(text) ? text : undefined, `must be one of ${symbols.join(', ')}`),
    ...alike(['array', 'map', 'record', 'union'], none),
    uuid: () => (text) => either(isUuid(text) ? text.toLowerCase() : undefined, valueMessages.uuid),
    date: () => (text) => either(parseDate(text), valueMessages.date),
    'time-millis': () => (text) => {
      const micros = parseTimeOfDay(text);
      return either(micros === undefined ? undefined : Math.floor(micros / 1_000), valueMessages['time-of-day']);
    },
    'time-micros': () => (text) => either(parseTimeOfDay(text), valueMessages['time-of-day']),
    'timestamp-millis': () => (text) => either(parseInstant(withPlus(text)), valueMessages['date-time']),
    'timestamp-micros': () => (text) => either(parseInstantMicros(withPlus(text)), valueMessages['date-time-micros']),
    decimal:
      ({ precision, scale, size }) =>
      (text) => {
        const unscaled = parseDecimal(text, precision, scale);
        return either(
          unscaled === undefined ? undefined : decimalToBytes(unscaled, size),
          `must be a decimal of at most ${precision} digits, ${scale} of them after the point`,
        );
      },
  });
}

const either = (value: unknown, fault: string): TextValue => (value === undefined ? { fault } : { value });

/** A `+` that nobody encoded in a URL arrives as a space; no time has one where an offset stands. */
const withPlus = (text: string) => text.replace(/ (?=\d\d:\d\d$)/, '+');

function numberOf(text: string, rounded: (value: number) => number = (value) => value): number | undefined {
  const value = NUMBER.test(text) ? rounded(Number(text)) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Exact in its digits: a number that a double rounds to a whole one is none. */
function whole(text: string, least: number, most: number): TextValue {
  const exact = NUMBER.test(text) ? parseDecimal(text, LONG_DIGITS, 0) : undefined;
  const fits = exact !== undefined && exact >= BigInt(least) && exact <= BigInt(most);
  return fits ? { value: Number(exact) } : { fault: `must be a whole number from ${least} to ${most}` };
}

/** Length is counted in characters (code points), as JSON Schema and MySQL count it. */
function textOf({ maxLength, noSpaceAtEnd }: Pick<Field, 'maxLength' | 'noSpaceAtEnd'>): FromText {
  return (text) => {
    if (!text.isWellFormed()) return { fault: valueMessages.wellFormed };
    if (noSpaceAtEnd && text.endsWith(' ')) return { fault: valueMessages.noSpaceAtEnd };
    const fits = maxLength === undefined || text.length <= maxLength || [...text].length <= maxLength;
    return fits ? { value: text } : { fault: `must have at most ${maxLength} characters` };
  };
}

const base64 = (text: string, size?: number): TextValue =>
  isBase64(text, size) ? { value: Buffer.from(text, 'base64') } : { fault: valueMessages.base64 };
