import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../problem/problem.ts';
import { traceOf } from '../trace/trace-context.ts';
import { type Exchanges, endExchange } from './exchange.ts';
import { problemBody } from './problem-response.ts';
import { securityHeaders } from './security-headers.ts';

const always = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}\r\n`);

/** The connection ended in the middle of a request. */
const CLIENT_LEFT = 'HPE_INVALID_EOF_STATE';

/**
 * What Node finds wrong with a request before a handler sees it, or while its body is awaited, is answered as a problem like
 * everything else, and the connection ends.
 */
export function answerClientErrors(server: Server, exchanges: Exchanges): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const latest = exchanges.get(socket);
    const isPending = latest !== undefined && !latest.res.writableFinished;
    if (!socket.writable || (isPending && error.code === CLIENT_LEFT)) socket.destroy();
    else if (isPending) endExchange(latest, problemOfParser(error));
    else socket.end(rawAnswer(problemOfParser(error)), () => socket.destroySoon());
  });
}

function problemOfParser({ code }: NodeJS.ErrnoException): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers-too-large', 'The request line and the headers have more than 16 kB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request-timeout', 'The request did not arrive in time.');
    default:
      return new Problem('malformed-request', 'The request is not well-formed HTTP/1.1.');
  }
}

/** There is no response to write to: no request was read. */
function rawAnswer(problem: Problem): string {
  const { traceId, traceparent } = traceOf(undefined);
  const body = JSON.stringify(problemBody(problem, traceId));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n`,
    ...always,
    'cache-control: no-store\r\ncontent-type: application/problem+json\r\n',
    `content-length: ${Buffer.byteLength(body)}\r\ntraceparent: ${traceparent}\r\nconnection: close\r\n\r\n`,
    body,
  ].join('');
}
