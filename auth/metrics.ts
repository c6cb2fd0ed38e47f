import type { MetricList } from '@millrace/core/metrics/metric';

/** What auth counts. */
export const authMetrics = {
  issued: {
    type: 'counter',
    name: 'millrace_auth_tokens_issued_total',
    help: 'Access tokens issued, each with a refresh token.',
    labels: ['grant'],
  },
  refused: {
    type: 'counter',
    name: 'millrace_auth_refused_total',
    help: 'Requests of tokens, revocations and introspections that were refused, by the code of the answer.',
    labels: ['reason'],
  },
  keys: {
    type: 'gauge',
    name: 'millrace_auth_keys',
    help: 'Keys that are published: the one that signs, and those whose last token has not ended.',
  },
} as const satisfies MetricList;
