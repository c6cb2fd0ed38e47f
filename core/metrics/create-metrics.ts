import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metric } from './metric.ts';
import { createRequestMetrics, type ObserveRequest } from './request-metrics.ts';

/** A registry of one process's metrics, each labelled with the service, and the ways to add one. Nothing is global. */
export type Metrics = {
  readonly registry: Registry;
  readonly observeRequest: ObserveRequest;
  counter<Label extends string = never>(metric: Metric<'counter', Label>): Counter<Label>;
  /** @param collect asked for the value at each scrape */
  gauge<Label extends string = never>(metric: Metric<'gauge', Label>, collect?: () => number): Gauge<Label>;
  histogram<Label extends string = never>(metric: Metric<'histogram', Label>): Histogram<Label>;
};

/** Starts with the process's own metrics: memory, CPU, event loop delay, garbage collection. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });

  const histogram: Metrics['histogram'] = ({ name, help, labels = [], buckets }) =>
    new Histogram({ name, help, labelNames: [...labels], registers, ...(buckets && { buckets: [...buckets] }) });

  return {
    registry,
    histogram,
    observeRequest: createRequestMetrics(histogram),
    counter({ name, help, labels = [] }) {
      return new Counter({ name, help, labelNames: [...labels], registers });
    },
    gauge({ name, help, labels = [] }, collect) {
      return new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        ...(collect && {
          collect() {
            this.set(collect());
          },
        }),
      });
    },
  };
}
