import { StackError } from '../stack-error.ts';

function codeOf(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return undefined;
}

/** What lies deepest is what happened; what is around it says only that something did. */
function deepest(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : deepest(error.cause);
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name was not found (is this machine online?)',
  EAI_AGAIN: 'host names cannot be looked up (is this machine online?)',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  ENETUNREACH: 'the network is unreachable (is this machine online?)',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the transfer stalled',
  UND_ERR_SOCKET: 'the connection was cut',
};

/** The one line that says why a file could not be fetched or written. */
export function downloadFailure(name: string, dir: string, error: unknown): StackError {
  if (error instanceof StackError) return error;
  const code = codeOf(error);
  if (code === 'ENOSPC')
    return new StackError(
      `The disk is full: no room for ${name} in ${dir}. Free some, or set MILLRACE_CACHE to a folder elsewhere.`,
    );
  if (code && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code)) {
    return new StackError(`${dir} cannot be written (${code}). Set MILLRACE_CACHE to a folder that can.`);
  }
  const reason = (code && reasons[code]) ?? deepest(error);
  return new StackError(`${name} could not be downloaded: ${reason}. Run the same command again to go on.`, {
    cause: error,
  });
}
