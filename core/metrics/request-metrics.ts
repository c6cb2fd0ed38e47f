import type { Metrics } from './create-metrics.ts';
import type { MetricList } from './metric.ts';

export type ObserveRequest = (request: {
  readonly method: string;
  /** The pattern, such as `/stats/running/:id`, never the path: a path is anything a client likes. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}) => void;

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What every service counts of its requests. */
export const requestMetrics = {
  durations: {
    type: 'histogram',
    name: 'millrace_http_request_duration_seconds',
    help: 'Time from request to answered, by method, route pattern and status; its `_count` is the number of requests.',
    labels: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
} as const satisfies MetricList;

export function createRequestMetrics(histogram: Metrics['histogram']): ObserveRequest {
  const durations = histogram(requestMetrics.durations);
  /** Looking a histogram up by its labels costs more than counting in it. */
  const byLabels = new Map<string, { observe(seconds: number): void }>();

  return ({ method, route, status, seconds }) => {
    const name = `${method} ${status} ${route}`;
    let duration = byLabels.get(name);
    if (!duration) {
      if (!methods.has(method)) return durations.labels('other', route, String(status)).observe(seconds);
      duration = durations.labels(method, route, String(status));
      byLabels.set(name, duration);
    }
    duration.observe(seconds);
  };
}
