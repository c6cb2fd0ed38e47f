import type { IncomingMessage, RequestListener } from 'node:http';
import { Problem } from '../problem/problem.ts';
import type { AnswerError } from './answer-error.ts';
import type { IsOwnHost } from './is-own-host.ts';
import { type ObserveOptions, observeRequest } from './observe-requests.ts';

type GuardOptions = ObserveOptions & { readonly isOwnHost: IsOwnHost; readonly answerError: AnswerError };

/** Far more than any client sends. */
const MAX_HEADERS = 1_000;
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;
const CLOSE = { headers: { connection: 'close' } };

/**
 * Refuses what no route may see, before any does: more headers than a request may have, names that are not ours, and two names or two
 * tokens, of which a proxy may have checked the other one.
 */
export function guardRequests(options: GuardOptions, listener: RequestListener): RequestListener {
  const { isOwnHost, answerError } = options;
  return (req, res) => {
    const problem = problemWith(req, isOwnHost);
    if (problem)
      answerError(
        req,
        res,
        problem,
        observeRequest(options, req, res, () => 'none'),
      );
    else listener(req, res);
  };
}

function problemWith({ rawHeaders, headers, url = '/', httpVersion }: IncomingMessage, isOwnHost: IsOwnHost) {
  if (rawHeaders.length > 2 * MAX_HEADERS)
    return new Problem('headers-too-large', `A request may have ${MAX_HEADERS} headers.`, CLOSE);
  if (isRepeated(rawHeaders, 'host') || isRepeated(rawHeaders, 'authorization'))
    return new Problem('malformed-request', 'A request has one Host and at most one Authorization header.', CLOSE);
  const { host } = headers;
  if (host === undefined && httpVersion === '1.1')
    return new Problem('malformed-request', 'A request needs a Host header.', CLOSE);
  /** A target such as `http://name/path` outranks the header (RFC 9112, section 3.2.2). */
  const target = url.startsWith('/') ? undefined : ABSOLUTE.exec(url)?.[1];
  const foreign = [host, target].find((name) => name !== undefined && !isOwnHost(name));
  if (foreign === undefined) return undefined;
  return new Problem(
    'misdirected-request',
    `"${foreign.slice(0, 100)}" is not a name of this service; see ALLOWED_HOSTS.`,
  );
}

/** @param name in lower case; the lengths are compared first, as most requests have few headers and each of another length */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const each = rawHeaders[index];
    if (each?.length === name.length && each.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
