/** Codes of the row's own faults that MySQL or MariaDB file under no SQLSTATE class of their own. */
const ROW_FAULTS = new Set([
  'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
  'ER_TRUNCATED_WRONG_VALUE',
  'WARN_DATA_TRUNCATED',
  'ER_CHECK_CONSTRAINT_VIOLATED',
  'ER_CONSTRAINT_FAILED',
  'ER_TOO_BIG_ROWSIZE',
  'ER_CANNOT_CONVERT_STRING',
  'ER_INVALID_JSON_TEXT',
]);

/**
 * True when the database refused a statement for what a row holds, so that without the row it would do. Anything else, such as
 * a missing table, is no fault of the record, and no reason for a dead letter.
 */
export function isRowFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const state = 'sqlState' in error ? String(error.sqlState) : '';
  if (state.startsWith('22') || state.startsWith('23')) return true;
  return 'code' in error && ROW_FAULTS.has(String(error.code));
}
