import type { AvroType, Field } from './avro-type.ts';
import { bytesToDecimal } from './decimal.ts';
import { isMapKey } from './is-map-key.ts';
import { MAX_LONG, MIN_LONG } from './long-range.ts';
import { type AvroCases, matchAvro } from './match-avro.ts';
import { isDate, isInstantMicros, isInstantMillis } from './rfc3339.ts';
import { SchemaFault } from './schema-fault.ts';
import { DAY_MICROS } from './time-of-day.ts';
import { isUuid } from './uuid.ts';

/**
 * A field's default, which Avro writes as JSON, as a decoded record has it (Avro 1.12, "Complex Types", default): bytes as
 * text of the code points 0 to 255, a time as its number, and a union's as its first type.
 * @param at the field, for the message of a `SchemaFault` when the default is not of its type
 */
export function defaultValue(type: AvroType, json: unknown, at: string): unknown {
  const fault = (what: string): never => {
    throw new SchemaFault(`${at}: the default ${shown(json)} must be ${what}`);
  };
  const text = (what: string, fits: (value: string) => boolean = () => true) =>
    typeof json === 'string' && json.isWellFormed() && fits(json) ? json : fault(what);
  const number = (what: string, fits: (value: number) => boolean) =>
    typeof json === 'number' && fits(json) ? json : fault(what);
  const whole = (what: string, least: number, most: number) =>
    number(what, (value) => Number.isInteger(value) && value >= least && value <= most);
  const bytes = (what: string, fits: (value: string) => boolean = () => true) =>
    Buffer.from(
      text(what, (value) => isLatin1(value) && fits(value)),
      'latin1',
    );
  const object = (what: string) => (isObject(json) ? json : fault(what));

  const cases: AvroCases<unknown> = {
    null: () => (json === null ? null : fault('null, the first type of the union')),
    boolean: () => (typeof json === 'boolean' ? json : fault('true or false')),
    int: () => whole('a whole number of 32 bits', -(2 ** 31), 2 ** 31 - 1),
    long: () => whole(`a whole number from ${MIN_LONG} to ${MAX_LONG}`, MIN_LONG, MAX_LONG),
    float: () => number('a number that a float holds', (value) => Number.isFinite(Math.fround(value))),
    double: () => number('a number', Number.isFinite),
    string: () => text('a text'),
    bytes: () => bytes('a text of the code points 0 to 255, one for each byte'),
    fixed: ({ size }) =>
      bytes(`a text of ${size} code points 0 to 255, one for each byte`, (value) => value.length === size),
    enum: ({ symbols }) => text(`one of ${symbols.join(', ')}`, (value) => symbols.includes(value)),
    array: ({ items }) =>
      Array.isArray(json) ? json.map((item, index) => defaultValue(items, item, `${at}[${index}]`)) : fault('a list'),
    map: ({ values }) =>
      Object.fromEntries(
        Object.entries(object('an object')).map(([key, value]) => {
          if (!isMapKey(key)) return fault('an object whose keys are well-formed Unicode and not __proto__');
          return [key, defaultValue(values, value, `${at}{${key}}`)];
        }),
      ),
    record: ({ fields }) => recordDefault(fields, object('an object'), at),
    union: ({ branches: [first] }) => (first ? defaultValue(first, json, at) : null),
    uuid: () => text('a uuid', isUuid),
    date: () => number('days since 1970-01-01, of the years 1000 to 9999', isDate),
    'time-millis': () => whole('milliseconds since midnight', 0, DAY_MICROS / 1_000 - 1),
    'time-micros': () => whole('microseconds since midnight', 0, DAY_MICROS - 1),
    'timestamp-millis': () => number('milliseconds since 1970, of the years 1000 to 9999', isInstantMillis),
    'timestamp-micros': () => number('microseconds since 1970, of the years 1828 to 2254', isInstantMicros),
    decimal: ({ precision, size }) => {
      const value = bytes('the bytes of a decimal, a text of the code points 0 to 255', (each) =>
        size === undefined ? true : each.length === size,
      );
      const unscaled = bytesToDecimal(value);
      const limit = 10n ** BigInt(precision);
      return unscaled < limit && unscaled > -limit ? value : fault(`a decimal of at most ${precision} digits`);
    },
  };
  return matchAvro(type, cases);
}

/** A field that the default leaves out has its own default. */
function recordDefault(fields: readonly Field[], json: Readonly<Record<string, unknown>>, at: string): unknown {
  const unknown = Object.keys(json).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) throw new SchemaFault(`${at}: the default names a field "${unknown}", which is not there`);
  return Object.fromEntries(
    fields.map((field) => {
      const given = Object.hasOwn(json, field.name);
      if (!given && !('default' in field)) throw new SchemaFault(`${at}: the default lacks the field "${field.name}"`);
      return [field.name, defaultValue(field.type, given ? json[field.name] : field.default, `${at}.${field.name}`)];
    }),
  );
}

function shown(json: unknown): string {
  const text = JSON.stringify(json) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const isLatin1 = (text: string) => Buffer.from(text, 'latin1').toString('latin1') === text;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
