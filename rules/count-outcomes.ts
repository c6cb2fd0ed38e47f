import type { Metrics } from '@millrace/core/metrics/create-metrics';
import { rulesMetrics } from './metrics.ts';
import type { LiveEvents } from './threads/thread-messages.ts';

/** Counts what the threads report. */
export function countOutcomes(metrics: Metrics): LiveEvents {
  const evaluations = metrics.counter(rulesMetrics.evaluations);
  const outcomes = metrics.counter(rulesMetrics.outcomes);
  const unusable = metrics.counter(rulesMetrics.unusable);
  const turnedOff = metrics.counter(rulesMetrics.turnedOff);
  const partitions = metrics.gauge(rulesMetrics.partitions);

  return {
    evaluated(done, failed) {
      evaluations.inc({ result: 'done' }, done);
      evaluations.inc({ result: 'failed' }, failed);
    },
    written: (outcome, count) => outcomes.inc({ outcome }, count),
    unusable: (topic, records) => unusable.inc({ topic }, records),
    turnedOff: () => turnedOff.inc(),
    partitions: (count) => partitions.set(count),
  };
}
