import { compilePattern, type Pattern } from '@millrace/core/schema/compile-pattern';
import { type ZonedParts, zonedParts } from './zoned-parts.ts';

/**
 * Functions that stand in for the library's own where those can hold up the process: `matches` backtracks, and each use of a time zone
 * builds a formatter. `renameCalls` has texts call these instead, under names of the same length.
 */
export const ownName = (name: string): string => `z${name.slice(1)}`;

export const MATCHES = 'matches';

const getters: Readonly<Record<string, (parts: ZonedParts) => number>> = {
  getFullYear: ({ year }) => year,
  getMonth: ({ month }) => month - 1,
  getDate: ({ day }) => day,
  getDayOfMonth: ({ day }) => day - 1,
  getDayOfWeek: ({ year, month, day }) => new Date(Date.UTC(year, month - 1, day)).getUTCDay(),
  getDayOfYear: ({ year, month, day }) => Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / DAY_MS),
  getHours: ({ hour }) => hour,
  getMinutes: ({ minute }) => minute,
  getSeconds: ({ second }) => second,
  getMilliseconds: ({ millisecond }) => millisecond,
};
const DAY_MS = 86_400_000;

export const isZonedGetter = (name: string): boolean => Object.hasOwn(getters, name);

const MOST_PATTERNS = 1_000;
const patterns = new Map<string, Pattern>();

/** Compiled once for each text of a pattern. Throws an `Error` that says what is wrong. */
export function patternOf(text: string): Pattern {
  const known = patterns.get(text);
  if (known) return known;
  const pattern = compilePattern(text);
  if (patterns.size >= MOST_PATTERNS) patterns.clear();
  patterns.set(text, pattern);
  return pattern;
}

type Handler = (receiver: unknown, argument: unknown) => unknown;

export const ownFunctions: readonly (readonly [signature: string, handler: Handler])[] = [
  [`string.${ownName(MATCHES)}(string): bool`, (text, pattern) => patternOf(String(pattern)).test(String(text))],
  ...Object.entries(getters).map(([name, read]): readonly [string, Handler] => [
    `google.protobuf.Timestamp.${ownName(name)}(string): int`,
    (time, zone) => BigInt(read(zonedParts(time instanceof Date ? time.getTime() : 0, String(zone)))),
  ]),
];
