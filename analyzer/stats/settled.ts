/**
 * A computed number with fifteen significant digits: the same for any order of the rows that it was computed
 * from, and readable (118183.8, not 118183.80000000002).
 */
export function settled(value: unknown): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? Number(value.toPrecision(15)) : value;
}
