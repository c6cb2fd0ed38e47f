import type { MetricList } from './metric.ts';

/** What every service counts of its own log. */
export const logMetrics = {
  dropped: {
    type: 'gauge',
    name: 'millrace_log_lines_dropped',
    help: 'Lines of the log that could not be written since the start, as on a full disk.',
  },
} as const satisfies MetricList;
