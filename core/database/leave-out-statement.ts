/**
 * Has an error say what the database said: knex puts the whole statement before it and beside it, rows and all, which no log
 * should hold. A listener of knex's `query-error`, which comes before the error is thrown.
 */
export function leaveOutStatement(error: unknown): void {
  if (!(error instanceof Error && 'sqlMessage' in error && typeof error.sqlMessage === 'string')) return;
  error.message = error.sqlMessage;
  if ('sql' in error) delete error.sql;
}
