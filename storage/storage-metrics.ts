import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Stream } from '@millrace/core/schema/stream';
import type { Rejected } from './dead-letter/rejected.ts';
import { storageMetrics } from './metrics.ts';

export type StorageMetrics = ReturnType<typeof createStorageMetrics>;

export function createStorageMetrics(metrics: Metrics) {
  const rows = metrics.counter(storageMetrics.rows);
  const batches = metrics.counter(storageMetrics.batches);
  const deadLetters = metrics.counter(storageMetrics.deadLetters);

  return {
    transactions: metrics.histogram(storageMetrics.transactions),
    retries: metrics.counter(storageMetrics.retries),
    replaced: metrics.counter(storageMetrics.replaced),
    missed: metrics.counter(storageMetrics.missed),
    expired: metrics.counter(storageMetrics.expired),
    lag: metrics.gauge(storageMetrics.lag),
    stored({ name: stream }: Stream, done: { rows: number; deadLetters: readonly Rejected[] }) {
      rows.inc({ stream }, done.rows);
      batches.inc({ stream });
      for (const { code } of done.deadLetters) deadLetters.inc({ stream, code });
    },
  };
}
