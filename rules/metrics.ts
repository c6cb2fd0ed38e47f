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
    help: 'Records that can not be used: of rules, and of what rules would be evaluated for.',
    labels: ['topic'],
  },
  turnedOff: {
    type: 'counter',
    name: 'millrace_rules_turned_off_total',
    help: 'Rules that this process turned off, as too many of their evaluations failed.',
  },
  partitions: {
    type: 'gauge',
    name: 'millrace_rules_account_partitions',
    help: 'Account partitions that this process evaluates.',
  },
} as const satisfies MetricList;
