import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import { analyzerMetrics } from './metrics.ts';
import type { FollowOptions } from './order/follow-topics.ts';

/** Counts what becomes of records, and logs each reason for an unusable one the first time it is met. */
export function countRecords(metrics: Metrics, log: Log): Pick<FollowOptions, 'onNumbered' | 'onUnusable'> {
  const records = metrics.counter(analyzerMetrics.records);
  const logged = new Set<string>();

  return {
    onNumbered({ name: stream }, { numbered, redelivered, late }) {
      for (const [outcome, count] of Object.entries({ numbered, redelivered, late }))
        if (count > 0) records.inc({ stream, outcome }, count);
    },
    onUnusable({ name: stream }, reasons) {
      records.inc({ stream, outcome: 'unusable' }, reasons.length);
      for (const reason of new Set(reasons)) {
        if (logged.has(`${stream}: ${reason}`)) continue;
        logged.add(`${stream}: ${reason}`);
        log.warn({ stream, reason }, 'a record can not be used; others like it are only counted');
      }
    },
  };
}
