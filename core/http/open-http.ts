import type { RequestListener } from 'node:http';
import type { Authorize } from '../access/authenticate.ts';
import { openAccess } from '../access/open-access.ts';
import { Problem } from '../problem/problem.ts';
import type { ServiceFrame } from '../service/run-service.ts';
import { createAnswerError } from './answer-error.ts';
import { type AppOptions, createApp } from './create-app.ts';
import { guardRequests } from './guard-requests.ts';
import { ownHosts } from './is-own-host.ts';
import type { Method, Route } from './route-table.ts';
import { type HttpServer, serveHttp } from './serve-http.ts';

type OpenOptions = Pick<ServiceFrame, 'config' | 'log' | 'metrics' | 'health'> &
  Pick<AppOptions, 'openapi'> & { readonly name: keyof ServiceFrame['config']['ports'] };

export type OpenHttp = {
  /**
   * Serves the service's routes, once their dependencies are up.
   * @param front what to put in front of the Express application, if anything
   * @returns the server, to be closed before what its routes need
   */
  serve(routes: readonly Route[], front?: (app: RequestListener) => RequestListener): HttpServer;
  /** For routes in front of Express. */
  readonly authorize: Authorize;
};

const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * Listens before a service has opened what it needs, so that a busy port is reported at once, `/healthz` answers, and `/readyz`
 * names what the service waits for. Until `serve`, all routes of the service itself are 503 with `Retry-After`.
 */
export async function openHttp(options: OpenOptions): Promise<OpenHttp> {
  const { name, config, log, metrics, health, openapi } = options;
  const access = openAccess({ config, log });
  const { authorize } = access;
  if (access.check) health.add('tokens', access.check);
  /** An outside issuer has no part in the page: its tokens are pasted there. */
  const tokenOrigin = config.authIssuer === '' ? new URL(config.authUrl).origin : undefined;
  const appOf = (routes: readonly Route[]): RequestListener =>
    createApp({ name, log, metrics, ready: health.report, openapi, routes, authorize, tokenOrigin });
  let listener = appOf(notReadyRoutes(name));
  const guard = { log, metrics, answerError: createAnswerError(log), isOwnHost: ownHosts(config.allowedHosts) };
  const guarded = guardRequests(guard, (req, res) => listener(req, res));
  const server = await serveHttp({ host: config.host, port: config.ports[name], name, log }, guarded);
  const published = config.publishedHost && { published_host: config.publishedHost, auth: config.auth };
  log.info({ url: server.url, ...published }, 'starting');
  return {
    authorize,
    serve(routes, front = (app) => app) {
      listener = front(appOf(routes));
      log.info({ url: server.url }, 'listening');
      return server;
    },
  };
}

const notReadyRoutes = (name: string): Route[] =>
  METHODS.map((method) => ({
    method,
    path: '/{*path}',
    access: 'public',
    handler: () => {
      throw new Problem('not-ready', `The ${name} is starting; /readyz says what it waits for.`);
    },
  }));
