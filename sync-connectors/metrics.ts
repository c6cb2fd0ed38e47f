import type { MetricList } from '@millrace/core/metrics/metric';

/** What sync-connectors count. */
export const syncMetrics = {
  rows: {
    type: 'counter',
    name: 'millrace_sync_rows_total',
    help: 'Rows by what became of them: emitted, unchanged, rejected, stale or returned.',
    labels: ['connector', 'entity', 'outcome'],
  },
  entities: {
    type: 'counter',
    name: 'millrace_sync_entity_runs_total',
    help: 'Entities that a run has come to the end of, by how it ended.',
    labels: ['connector', 'entity', 'state'],
  },
  ticks: {
    type: 'counter',
    name: 'millrace_sync_ticks_total',
    help: 'Ticks of schedules by what they came to: started, running (the connector ran already), paused, or other (another replica had it).',
    labels: ['connector', 'outcome'],
  },
  calls: {
    type: 'counter',
    name: 'millrace_sync_calls_total',
    help: 'Calls of vendors, each try by itself, by their status, or by why there was no answer.',
    labels: ['connector', 'outcome'],
  },
  callSeconds: {
    type: 'histogram',
    name: 'millrace_sync_call_seconds',
    help: 'Time from a call to the beginning of its answer.',
    labels: ['connector'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  },
  breaker: {
    type: 'gauge',
    name: 'millrace_sync_breaker_open',
    help: 'Whether a vendor is left alone for now, because it did not answer: 1 or 0.',
    labels: ['connector'],
  },
  running: {
    type: 'gauge',
    name: 'millrace_sync_running_connectors',
    help: 'Connectors that run in this process.',
  },
} as const satisfies MetricList;
