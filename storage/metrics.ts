import type { MetricList } from '@millrace/core/metrics/metric';

/** What storage counts. Offsets rather than rows say how far it is: a redelivered record is no new row. */
export const storageMetrics = {
  rows: {
    type: 'counter',
    name: 'millrace_storage_rows_total',
    help: 'Rows stored or updated.',
    labels: ['stream'],
  },
  batches: {
    type: 'counter',
    name: 'millrace_storage_batches_total',
    help: 'Batches stored.',
    labels: ['stream'],
  },
  deadLetters: {
    type: 'counter',
    name: 'millrace_storage_dead_letters_total',
    help: 'Records written to a dead-letter topic.',
    labels: ['stream', 'code'],
  },
  transactions: {
    type: 'histogram',
    name: 'millrace_storage_transaction_seconds',
    help: 'Time of a transaction of rows and offset, from begin to committed.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  retries: {
    type: 'counter',
    name: 'millrace_storage_retries_total',
    help: 'Transactions tried again after a transient fault.',
  },
  replaced: {
    type: 'counter',
    name: 'millrace_storage_topics_replaced_total',
    help: 'Partitions read again from their start because their topic was truncated or recreated.',
    labels: ['topic'],
  },
  missed: {
    type: 'counter',
    name: 'millrace_storage_offsets_missed_total',
    help: 'Offsets that were removed from a topic before they were stored.',
    labels: ['topic'],
  },
  expired: {
    type: 'counter',
    name: 'millrace_storage_rows_expired_total',
    help: 'Rows removed because they were older than the row_retention of their stream.',
    labels: ['stream'],
  },
  lag: {
    type: 'gauge',
    name: 'millrace_storage_lag_records',
    help: 'Offsets between the next one to store and the end of the log, of the partitions assigned here.',
    labels: ['topic', 'partition'],
  },
  unreadable: {
    type: 'gauge',
    name: 'millrace_storage_unreadable_partitions',
    help: 'Partitions assigned here that are not read on, because a batch of theirs can not be read.',
  },
} as const satisfies MetricList;
