import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Stream } from '@millrace/core/schema/stream';
import type { Rejected } from './dead-letter/rejected.ts';

export type StorageMetrics = ReturnType<typeof createStorageMetrics>;

/** What storage counts. Offsets rather than rows say how far it is: a redelivered record is no new row. */
export function createStorageMetrics(metrics: Metrics) {
  const rows = metrics.counter({ name: 'storage_rows_total', help: 'Rows stored or updated.', labels: ['stream'] });
  const batches = metrics.counter({ name: 'storage_batches_total', help: 'Batches stored.', labels: ['stream'] });
  const deadLetters = metrics.counter({
    name: 'storage_dead_letters_total',
    help: 'Records set aside.',
    labels: ['stream', 'code'],
  });

  return {
    transactions: metrics.histogram({
      name: 'storage_transaction_seconds',
      help: 'Time of a transaction of rows and offset, from begin to committed.',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    }),
    retries: metrics.counter({
      name: 'storage_retries_total',
      help: 'Transactions tried again after a passing fault.',
    }),
    replaced: metrics.counter({
      name: 'storage_topics_replaced_total',
      help: 'Partitions read anew because their topic was truncated or made anew.',
      labels: ['topic'],
    }),
    missed: metrics.counter({
      name: 'storage_offsets_missed_total',
      help: 'Offsets that were removed from a topic before they were stored.',
      labels: ['topic'],
    }),
    expired: metrics.counter({
      name: 'storage_rows_expired_total',
      help: 'Rows removed because they were older than the row_retention of their stream.',
      labels: ['stream'],
    }),
    lag: metrics.gauge({
      name: 'storage_lag_records',
      help: 'Offsets between the next one to store and the end of the log, of the partitions assigned here.',
      labels: ['topic', 'partition'],
    }),
    stored({ name: stream }: Stream, done: { rows: number; deadLetters: readonly Rejected[] }) {
      rows.inc({ stream }, done.rows);
      batches.inc({ stream });
      for (const { code } of done.deadLetters) deadLetters.inc({ stream, code });
    },
  };
}
