import type { MetricList } from '@millrace/core/metrics/metric';

export const analyzerMetrics = {
  records: {
    type: 'counter',
    name: 'millrace_analyzer_records_total',
    help: 'Records by outcome: numbered, redelivered, unusable; late ones are numbered, after newer ones.',
    labels: ['stream', 'outcome'],
  },
  unreadable: {
    type: 'gauge',
    name: 'millrace_analyzer_unreadable_partitions',
    help: 'Partitions that are not read on, because a batch of theirs can not be read.',
  },
} as const satisfies MetricList;
