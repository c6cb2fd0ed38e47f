import { logMetrics } from '@millrace/core/metrics/log-metrics';
import type { Metric, MetricList } from '@millrace/core/metrics/metric';
import { requestMetrics } from '@millrace/core/metrics/request-metrics';
import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { code, table } from './markdown.ts';

const HEAD = `# Metrics

\`GET /metrics\` of every service, in Prometheus's text format. Each carries the label \`service\`. Names are
\`millrace_<service>_<what>_<unit>\`; counters end in \`_total\`. Beside these there are the process's own, by prom-client's names:
\`process_*\` and \`nodejs_*\` (memory, CPU, event-loop delay, garbage collection).
`;

const RENAMED = `## Names that changed

Before they had the prefix, storage's began with \`storage_\` and every service's requests were \`http_request_duration_seconds\`.
A dashboard or an alert that asks for those finds them under the names above.
`;

/** docs/metrics.md: every metric of every service. */
export function metricsPage(declarations: readonly ServiceDeclaration[]): string {
  const own = declarations.filter(({ metrics }) => Object.keys(metrics).length > 0);
  return [
    HEAD,
    section('Every service', { ...requestMetrics, ...logMetrics }),
    ...own.map(({ name, metrics }) => section(`\`${name}\``, metrics)),
    RENAMED,
  ].join('\n');
}

const section = (title: string, metrics: MetricList): string =>
  `## ${title}\n\n${table(['name', 'type', 'labels', 'what it says'], Object.values(metrics).map(row))}\n`;

const row = ({ name, type, labels = [], help }: Metric): string[] => [
  code(name),
  type,
  labels.map(code).join(', '),
  help,
];
