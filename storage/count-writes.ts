import type { Metrics } from '@millrace/core/metrics/create-metrics';
import { storageMetrics } from './metrics.ts';
import type { WriterEvents } from './write/writer-messages.ts';

/** Counts what the writer reports. */
export function countWrites(metrics: Metrics): WriterEvents {
  const rows = metrics.counter(storageMetrics.rows);
  const batches = metrics.counter(storageMetrics.batches);
  const deadLetters = metrics.counter(storageMetrics.deadLetters);
  const transactions = metrics.histogram(storageMetrics.transactions);
  const retries = metrics.counter(storageMetrics.retries);
  const replaced = metrics.counter(storageMetrics.replaced);
  const missed = metrics.counter(storageMetrics.missed);
  const expired = metrics.counter(storageMetrics.expired);
  const lag = metrics.gauge(storageMetrics.lag);
  const unreadable = metrics.gauge(storageMetrics.unreadable);

  return {
    stored({ stream, ...done }) {
      rows.inc({ stream }, done.rows);
      batches.inc({ stream });
      for (const code of done.deadLetters) deadLetters.inc({ stream, code });
      transactions.observe(done.seconds);
    },
    retried: () => retries.inc(),
    replaced: (topic) => replaced.inc({ topic }),
    missed: (topic, offsets) => missed.inc({ topic }, offsets),
    expired: (stream, removed) => expired.inc({ stream }, removed),
    lags(known) {
      lag.reset();
      for (const { topic, partition, records } of known) lag.set({ topic, partition }, records);
    },
    unreadable: (partitions) => unreadable.set(partitions),
  };
}
