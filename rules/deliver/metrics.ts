import type { MetricList } from '@millrace/core/metrics/metric';

/** What deliveries count. */
export const deliveryMetrics = {
  deliveryAttempts: {
    type: 'counter',
    name: 'millrace_deliveries_attempts_total',
    help: 'Attempts to deliver an event, by delivery and by what came of it: delivered, refused, throttled, no_answer, gone.',
    labels: ['delivery', 'result'],
  },
  deliverySeconds: {
    type: 'histogram',
    name: 'millrace_deliveries_attempt_seconds',
    help: 'How long endpoints take for an event.',
    labels: ['delivery'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15],
  },
  deliveryState: {
    type: 'gauge',
    name: 'millrace_deliveries_state',
    help: '1 for the state that a delivery is in: ok, failing, paused or gone.',
    labels: ['delivery', 'state'],
  },
  deliveryWaiting: {
    type: 'gauge',
    name: 'millrace_deliveries_waiting_events',
    help: 'Events of a delivery that are not delivered yet: unread, or retrying.',
    labels: ['delivery', 'stage'],
  },
  deliveryFailed: {
    type: 'gauge',
    name: 'millrace_deliveries_failed_events',
    help: 'Events that were tried for long enough, and can be recovered.',
    labels: ['delivery'],
  },
  deliveryUnusable: {
    type: 'counter',
    name: 'millrace_deliveries_unusable_records_total',
    help: 'Records that are not delivered, as they are no events of their stream.',
    labels: ['delivery'],
  },
  deliveryPartitions: {
    type: 'gauge',
    name: 'millrace_deliveries_partitions',
    help: 'Partitions of deliveries that this process sends.',
  },
} as const satisfies MetricList;
