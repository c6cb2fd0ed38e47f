import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '../log/create-log.ts';
import { Problem } from '../problem/problem.ts';
import { traceOf } from '../trace/trace-context.ts';
import { answerClientErrors } from './answer-client-errors.ts';
import { cutSlowBodies, type PaceLimits } from './cut-slow-bodies.ts';
import { cutSlowReaders, type ReadLimits } from './cut-slow-readers.ts';
import type { Exchange } from './exchange.ts';
import { lingerOnClose } from './linger-on-close.ts';
import { sendProblem } from './problem-response.ts';

type ServeOptions = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The service: a busy port is reported as `<NAME>_PORT`. */
  readonly name: string;
  readonly log: Log;
  readonly closeWithinMs?: number;
  readonly limits?: Partial<ConnectionLimits>;
};

export type ConnectionLimits = PaceLimits &
  ReadLimits & {
    /** From the opening of a connection, or the first byte of a request on it, to the end of its headers. */
    readonly headersMs: number;
    /** To the end of the body. */
    readonly requestMs: number;
    readonly checkEveryMs: number;
  };

const LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  paceWindowMs: 5_000,
  minBytesPerSecond: 1_000,
  minReadBytesPerSecond: 10_000,
  checkEveryMs: 1_000,
};

export type HttpServer = { readonly url: string; readonly port: number; close(): Promise<void> };

const IDLE_SWEEP_MS = 20;

function listenProblem(error: NodeJS.ErrnoException, { name, host, port }: ServeOptions): unknown {
  const variable = `${name.toUpperCase().replaceAll('-', '_')}_PORT`;
  const at = `cannot listen on ${host}:${port}`;
  if (error.code === 'EADDRINUSE')
    return new Problem('port-in-use', `${at}: the port is in use; free it or set ${variable}.`);
  if (error.code === 'EACCES')
    return new Problem('invalid-config', `${at}: not permitted; set ${variable} above 1023.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new Problem('invalid-config', `${at}: this machine does not have that address; set HOST.`);
  }
  return error;
}

const portOf = (address: AddressInfo | string | null, asked: number): number =>
  typeof address === 'object' && address !== null ? address.port : asked;

/**
 * Listens, and resolves once it does. Throws `port-in-use` or `invalid-config` with one line that names the variable
 * to change. Connections that are silent, slow or not HTTP end with a problem, within `limits`. `close()` stops listening, lets requests in flight finish, and cuts the connections that are left after `closeWithinMs`.
 */
export async function serveHttp(options: ServeOptions, handler: RequestListener): Promise<HttpServer> {
  const { host, port, log, closeWithinMs = 5_000 } = options;
  let closing = false;
  const limits = { ...LIMITS, ...options.limits };
  const exchanges = new Map<Socket, Exchange | undefined>();
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: 65_000,
      noDelay: true,
      requireHostHeader: false,
    },
    (req, res) => {
      exchanges.set(req.socket, { req, res });
      if (closing) res.setHeader('connection', 'close');
      handler(req, res);
    },
  );
  /** Node drops headers past its maximum without a word; the guard counts them. */
  server.maxHeadersCount = 0;
  server.on('connection', (socket) => {
    exchanges.set(socket, undefined);
    socket.once('close', () => exchanges.delete(socket));
  });
  server.on('checkExpectation', (req, res) => {
    const { traceparent } = traceOf(req.headers.traceparent);
    sendProblem(res, new Problem('expectation-failed', 'Only "Expect: 100-continue" is understood.'), traceparent);
  });
  lingerOnClose(server, exchanges);
  answerClientErrors(server, exchanges);
  const [cutBodies, cutReaders] = [cutSlowBodies(exchanges, limits), cutSlowReaders(exchanges, limits)];
  const cutSlow = () => {
    cutBodies();
    cutReaders();
  };
  const slow = setInterval(cutSlow, limits.checkEveryMs).unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenProblem(error, options))).listen(port, host, resolve);
  });
  server.on('error', (error) => log.error({ err: error }, 'http server error'));
  const actualPort = portOf(server.address(), port);

  const closeServer = () =>
    new Promise<void>((resolve) => {
      closing = true;
      const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
      const cut = setTimeout(() => server.closeAllConnections(), closeWithinMs);
      server.close(() => {
        clearInterval(sweep);
        clearInterval(slow);
        clearTimeout(cut);
        resolve();
      });
    });
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    port: actualPort,
    close() {
      closed ??= closeServer();
      return closed;
    },
  };
}
