/** What an error says, followed by what its causes say: for a log line, where a stack would be noise. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const own = message === '' ? nameless(error) : message;
  return cause === undefined || cause === error ? own : `${own}: ${reasonOf(cause)}`;
}

/** Node gives no message to several failed connection attempts at once. */
function nameless(error: Error): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join(', ');
  return 'code' in error ? String(error.code) : error.name;
}
