import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../log/create-log.ts';
import { Problem } from '../problem/problem.ts';

type ServeOptions = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The service: what a busy port is told with, as `<NAME>_PORT`. */
  readonly name: string;
  readonly log: Log;
  readonly closeWithinMs?: number;
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
 * to change. `close()` stops listening, lets requests in flight finish, and cuts whatever is left after `closeWithinMs`.
 */
export async function serveHttp(options: ServeOptions, handler: RequestListener): Promise<HttpServer> {
  const { host, port, log, closeWithinMs = 5_000 } = options;
  let closing = false;
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000, noDelay: true },
    (req, res) => {
      if (closing) res.setHeader('connection', 'close');
      handler(req, res);
    },
  );
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
