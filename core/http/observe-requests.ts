import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Log } from '../log/create-log.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import { type Trace, traceOf } from '../trace/trace-context.ts';
import { loggedUrl } from './logged-url.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set before any handler runs. */
      trace: Trace;
    }
  }
}

export type ObserveOptions = { readonly log: Log; readonly metrics: Metrics };

/**
 * Continues or starts the request's trace, and counts, times and (when debugging) logs the request once its response is
 * closed, whoever answers it.
 * @param routeOf the pattern that matched, asked for when the request is over
 */
export function observeRequest(
  { log, metrics }: ObserveOptions,
  req: IncomingMessage,
  res: ServerResponse,
  routeOf: () => string,
): Trace {
  const startedAt = performance.now();
  const trace = traceOf(req.headers.traceparent);
  const { method = '', url } = req;
  res.once('close', () => {
    const seconds = (performance.now() - startedAt) / 1000;
    const status = res.statusCode;
    metrics.observeRequest({ method, route: routeOf(), status, seconds });
    if (!log.isLevelEnabled('debug')) return;
    log.debug({ method, url: loggedUrl(url), status, seconds, trace_id: trace.traceId }, 'request');
  });
  return trace;
}

/** `observeRequest` for what Express answers. */
export const observeRequests =
  (options: ObserveOptions): RequestHandler =>
  (req, res, next) => {
    const trace = observeRequest(options, req, res, () => {
      const route: unknown = req.route?.path;
      return typeof route === 'string' ? route : 'none';
    });
    res.locals.trace = trace;
    res.setHeader('traceparent', trace.traceparent);
    next();
  };
