const ARITHMETIC = /^(?:Out of Range|Conversion|Invalid Input|Overflow|Not implemented) Error: /;

/** What DuckDB says of values that it could not compute with; undefined for every other failure. */
export function arithmeticFault(error: unknown): string | undefined {
  const [line = ''] = (error instanceof Error ? error.message : '').split('\n');
  return ARITHMETIC.test(line) ? line.replace(ARITHMETIC, '').replace(/[.!]+$/, '') : undefined;
}

/** Undefined instead of what could not be computed; throws every other failure. */
export function noneIfArithmetic(error: unknown): undefined {
  if (arithmeticFault(error) === undefined) throw error;
}
