import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Stream } from '@millrace/core/schema/stream';
import type { Numbered } from './order/follow-topics.ts';

/** Counts what became of records, and logs each reason for an unusable one the first time it is met. */
export function countNumbered(metrics: Metrics, log: Log): (stream: Stream, numbered: Numbered) => void {
  const records = metrics.counter({
    name: 'millrace_analyzer_records_total',
    help: 'Records by what became of them: numbered, redelivered, unusable, late (numbered after a newer one).',
    labels: ['stream', 'outcome'],
  });
  const logged = new Set<string>();

  return ({ name: stream }, { numbered, redelivered, unusable, late, faults }) => {
    for (const [outcome, count] of Object.entries({ numbered, redelivered, unusable, late }))
      if (count > 0) records.inc({ stream, outcome }, count);
    for (const reason of faults) {
      if (logged.has(`${stream}: ${reason}`)) continue;
      logged.add(`${stream}: ${reason}`);
      log.warn({ stream, reason }, 'a record can not be used; others like it are only counted');
    }
  };
}
