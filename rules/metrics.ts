import type { MetricList } from '@millrace/core/metrics/metric';

/** What rules count. */
export const rulesMetrics = {
  evaluations: {
    type: 'counter',
    name: 'millrace_rules_evaluations_total',
    help: 'Evaluations of rules, by whether the condition could be evaluated: done or failed.',
    labels: ['result'],
  },
  outcomes: {
    type: 'counter',
    name: 'millrace_rules_outcomes_total',
    help: 'What rules said and was written: won, shadow, error, and the share of not_won that is kept.',
    labels: ['outcome'],
  },
  unusable: {
    type: 'counter',
    name: 'millrace_rules_unusable_records_total',
    help: 'Records that rules are not evaluated for, as they can not be used.',
    labels: ['topic'],
  },
  partitions: {
    type: 'gauge',
    name: 'millrace_rules_account_partitions',
    help: 'Account partitions that this process evaluates.',
  },
} as const satisfies MetricList;
