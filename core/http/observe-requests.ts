import type { RequestHandler } from 'express';
import type { Log } from '../log/create-log.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import { type Trace, traceOf } from './trace-context.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set before any handler runs. */
      trace: Trace;
    }
  }
}

/** Continues or starts the request's trace, and counts, times and (when debugging) logs the request once it is over. */
export const observeRequests =
  ({ log, metrics }: { readonly log: Log; readonly metrics: Metrics }): RequestHandler =>
  (req, res, next) => {
    const startedAt = performance.now();
    const trace = traceOf(req.headers.traceparent);
    res.locals.trace = trace;
    res.setHeader('traceparent', trace.traceparent);
    res.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const route: unknown = req.route?.path;
      const status = res.statusCode;
      metrics.observeRequest({
        method: req.method,
        route: typeof route === 'string' ? route : 'none',
        status,
        seconds,
      });
      if (!log.isLevelEnabled('debug')) return;
      log.debug({ method: req.method, url: req.originalUrl, status, seconds, trace_id: trace.traceId }, 'request');
    });
    next();
  };
