import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Authorize } from '../access/authenticate.ts';
import type { Log } from '../log/create-log.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import type { Health } from '../service/health.ts';
import { createAnswerError } from './answer-error.ts';
import { docsRoutes } from './docs-routes.ts';
import { observeRequests } from './observe-requests.ts';
import { requireAccess } from './require-access.ts';
import { methodNotAllowed, type Route } from './route-table.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { serviceRoutes } from './service-routes.ts';

export type AppOptions = {
  readonly name: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly ready: Health['report'];
  /** The OpenAPI document, asked for once per request of `/openapi.json`. */
  readonly openapi: () => object;
  readonly routes: readonly Route[];
  readonly authorize: Authorize;
  /** Where the page at `/docs` may ask for tokens, besides its own origin. */
  readonly tokenOrigin?: string | undefined;
};

/**
 * A service's Express application, not yet listening: its routes, `/healthz`, `/readyz`, `/metrics`, `/openapi.json`,
 * `/docs`, and for all of them tracing, request metrics, security headers and RFC 9457 problems. What a handler throws or
 * rejects with is answered. Bodies are left unread; a handler that wants one calls readJson or readBody.
 */
export function createApp(options: AppOptions): Express {
  const { name, log, metrics, ready, openapi, routes, authorize, tokenOrigin } = options;
  const answerError = createAnswerError(log);
  const table = [...serviceRoutes({ name, metrics, ready, openapi }), ...docsRoutes(name, tokenOrigin), ...routes];
  if (log.isLevelEnabled('debug'))
    log.debug({ routes: table.map(({ method, path }) => `${method} ${path}`) }, 'routes');
  const app = express()
    .disable('x-powered-by')
    .disable('etag')
    .enable('case sensitive routing')
    .set('query parser', false);

  app.use(observeRequests({ log, metrics }), setSecurityHeaders);
  for (const { method, path, access, handler } of table)
    app[method](path, ...(access === 'public' ? [] : [requireAccess(authorize, access)]), handler);
  app.use(methodNotAllowed(table));
  const onError: ErrorRequestHandler = (error, req, res, _next) => answerError(req, res, error, res.locals.trace);
  app.use(onError);
  return app;
}
