/**
 * The longs that avsc writes and reads without loss. Its zigzag step doubles a number: from 2^53 - 1 on, and below -2^52,
 * a double no longer holds the result, and a negative number would silently come back as another one.
 */
export const MIN_LONG = -(2 ** 52);
export const MAX_LONG = Number.MAX_SAFE_INTEGER - 1;
