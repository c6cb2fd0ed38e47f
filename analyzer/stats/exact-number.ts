import { formatDecimal } from '@millrace/core/schema/decimal';
import { LosslessNumber } from 'lossless-json';

/** A number in JSON: a plain one where that has all its digits, else one that is written with all of them. */
export function exactNumber(digits: string): number | LosslessNumber {
  const value = Number(digits);
  return String(value) === digits ? value : new LosslessNumber(digits);
}

/** The difference of two decimals, exact, with as many digits after the point as the finer of them. */
export function exactDifference(now: string, then: string): string {
  const scale = Math.max(scaleOf(now), scaleOf(then));
  return formatDecimal(unscaled(now, scale) - unscaled(then, scale), scale);
}

const scaleOf = (decimal: string) => decimal.split('.')[1]?.length ?? 0;

const unscaled = (decimal: string, scale: number) =>
  BigInt(decimal.replace('.', '') + '0'.repeat(scale - scaleOf(decimal)));

/** Without the zeros at its end, but with at least `scale` digits after the point. */
export function trimmedTo(scale: number, decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  const kept = fraction.slice(0, scale) + fraction.slice(scale).replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept}`;
}
