import { LosslessNumber } from 'lossless-json';
import { exactDifference, exactNumber } from './exact-number.ts';

type Numbers = Readonly<Record<string, unknown>>;

const DECIMAL = /^-?\d+(\.\d+)?$/;

/**
 * The numbers of the window before in an object of their own, and beside it how much each has changed since. Both are null
 * when there is no such window.
 * @param onFault called with each whose change is beyond the range of a double
 */
export function compared(now: Numbers, previous: Numbers | null, onFault: (name: string, reason: string) => void) {
  if (!previous) return { previous, change: null };
  const change = Object.entries(now).flatMap(([name, value]) => {
    const difference = differenceOf(value, previous[name]);
    if (difference === undefined) return [];
    if (typeof difference === 'number' && !Number.isFinite(difference))
      onFault(name, 'its change is beyond the range of a double');
    return [[name, difference]];
  });
  return { previous, change: Object.fromEntries(change) };
}

/** Undefined for what are no numbers. Decimals are text. */
function differenceOf(now: unknown, then: unknown): unknown {
  if (typeof now === 'number' && typeof then === 'number') return difference(now, then);
  if (isDecimal(now) && isDecimal(then)) return exactDifference(now, then);
  if (isNumber(now) && isNumber(then)) return exactNumber(exactDifference(String(now), String(then)));
  return undefined;
}

const isDecimal = (value: unknown): value is string => typeof value === 'string' && DECIMAL.test(value);
const isNumber = (value: unknown) => typeof value === 'number' || value instanceof LosslessNumber;

/** To as many decimals as doubles of that size can have, so that 1.3 - 1.1 is 0.2. */
function difference(now: number, then: number): number {
  if (!Number.isFinite(now - then)) return now - then;
  const whole = Math.max(Math.abs(now), Math.abs(then)).toFixed(0).length;
  return Number((now - then).toFixed(Math.min(15, Math.max(0, 15 - whole))));
}
