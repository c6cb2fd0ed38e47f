import { daysInMonth } from './days-in-month.ts';

/** RFC 3339 with its profile's strictness: full date, full time, an offset; no leap second, which a timestamp can't hold. */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d{1,9}))?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const DAY_MS = 86_400_000;

/** What MySQL's DATETIME and RFC 3339 can both write down: the years 1000 to 9999, in UTC. */
const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Milliseconds since the epoch; digits past the third are cut off. Undefined for anything but a real instant. */
export function parseInstant(text: string): number | undefined {
  if (text !== last.text) last = { text, millis: instantOf(text) };
  return last.millis;
}

/** A record's times are parsed twice in a row, once to validate and once to convert. */
let last: { readonly text: string; readonly millis: number | undefined } = { text: '', millis: undefined };

function instantOf(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (!match || !isRealDay(match)) return undefined;
  const millis = Math.floor(Date.parse(text));
  return millis >= EARLIEST && millis <= LATEST ? millis : undefined;
}

/** The whole years whose microseconds a long holds without loss (see `long-range`). */
const EARLIEST_IN_MICROS = Date.UTC(1828, 0, 1);
const LATEST_IN_MICROS = Date.UTC(2254, 11, 31, 23, 59, 59, 999);

/** Microseconds since the epoch, of the years 1828 to 2254; digits past the sixth are cut off. */
export function parseInstantMicros(text: string): number | undefined {
  const millis = parseInstant(text);
  if (millis === undefined || millis < EARLIEST_IN_MICROS || millis > LATEST_IN_MICROS) return undefined;
  const digits = DATE_TIME.exec(text)?.[5] ?? '';
  return Math.floor(millis / 1000) * 1_000_000 + Number(digits.padEnd(6, '0').slice(0, 6));
}

/**
 * An instant as the bound of a range: exact microseconds since the epoch, of the years 1000 to 9999, rounded up where the
 * text is finer, as no time that is kept lies between.
 */
export function parseBound(text: string): bigint | undefined {
  const millis = parseInstant(text);
  if (millis === undefined) return undefined;
  const digits = (DATE_TIME.exec(text)?.[5] ?? '').padEnd(9, '0');
  const micros = BigInt(digits.slice(0, 6)) + (digits.endsWith('000') ? 0n : 1n);
  return BigInt(Math.floor(millis / 1000)) * 1_000_000n + micros;
}

/** Whether a record may have these milliseconds since the epoch: whole ones of the years 1000 to 9999. */
export const isInstantMillis = (millis: number): boolean =>
  Number.isInteger(millis) && millis >= EARLIEST && millis <= LATEST;

/** The same of microseconds, of the years 1828 to 2254. */
export const isInstantMicros = (micros: number): boolean =>
  Number.isInteger(micros) && micros >= EARLIEST_IN_MICROS * 1_000 && micros <= LATEST_IN_MICROS * 1_000 + 999;

/** The same of days since the epoch, of the years 1000 to 9999. */
export const isDate = (days: number): boolean =>
  Number.isInteger(days) && days * DAY_MS >= EARLIEST && days * DAY_MS <= LATEST;

/** `2026-03-14T07:32:10.000Z`: what every answer writes. */
export function formatInstant(millis: number): string {
  return new Date(millis).toISOString();
}

export function formatInstantMicros(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const rest = micros - millis * 1000;
  return new Date(millis).toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`);
}

/** Days since the epoch (Avro's `date`). */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match || !isRealDay(match) || Number(match[1]) < 1000) return undefined;
  return Date.parse(text) / DAY_MS;
}

export function formatDate(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

function isRealDay([, year, month, day]: RegExpExecArray): boolean {
  return Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), Number(month));
}
