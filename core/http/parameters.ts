import { z } from 'zod';
import { parseBound, parseInstant } from '../schema/rfc3339.ts';

/** The kinds of query parameter that mean the same everywhere, for use in the object given to parseQuery. */

function wholeNumberError(min: number, max: number): string {
  if (max === Number.MAX_SAFE_INTEGER)
    return min === -max ? 'must be a whole number' : `must be a whole number of at least ${min}`;
  return `must be a whole number from ${min} to ${max}`;
}

export const wholeNumber = ({ min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {}) =>
  z
    .string({ error: 'is required' })
    .refine((text) => /^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: wholeNumberError(min, max),
    })
    .transform(Number);

const withOffset = (text: string) => text.replace(/ (?=\d\d:\d\d$)/, '+');

/** An RFC 3339 time with any offset, as epoch milliseconds. A `+` that was not URL-encoded, and so arrives as a space, is accepted. */
export const instant = z.string({ error: 'is required' }).transform((text, context): number => {
  const millis = parseInstant(withOffset(text));
  if (millis !== undefined) return millis;
  context.addIssue('must be an RFC 3339 time such as 2026-03-14T07:32:10Z');
  return z.NEVER;
});

/** One end of a half-open range of times, as epoch microseconds: no digit of the text is dropped. */
export const bound = z.string({ error: 'is required' }).transform((text, context): bigint => {
  const micros = parseBound(withOffset(text));
  if (micros !== undefined) return micros;
  context.addIssue('must be an RFC 3339 time such as 2026-03-14T07:32:10Z');
  return z.NEVER;
});

/** A parameter that may be given any number of times, as a list. */
export const repeated = <Value>(each: z.ZodType<Value, string>) =>
  z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(each));

/** The number of entries in an answer: the bounds and the default. */
export const limits = { min: 1, max: 1000, initial: 100 };

export const limit = wholeNumber(limits).prefault(String(limits.initial));

export const order = (initial: 'asc' | 'desc') =>
  z.enum(['asc', 'desc'], { error: 'must be asc or desc' }).default(initial);
