import type { MetricList } from '@millrace/core/metrics/metric';

export const authMetrics = {} as const satisfies MetricList;
