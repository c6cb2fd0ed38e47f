/** The largest float as it is written: what lies a little above the value itself is rounded to it. */
export const MAX_FLOAT = 3.4028235e38;

/** A float's significant digits: with six any number comes back, with nine any float. */
const FEWEST = 6;
const MOST = 9;
/** Smaller ones have fewer bits, the smallest of all a single one. */
const SMALLEST_NORMAL = 2 ** -126;

/** A 32-bit float as the shortest number that rounds to it, so that 0.1 comes back as 0.1 and not as 0.10000000149011612. */
export function shortestFloat(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value;
  for (let digits = Math.abs(value) < SMALLEST_NORMAL ? 1 : FEWEST; digits < MOST; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(MOST)) : value;
}
