import type { Metrics } from '@millrace/core/metrics/create-metrics';
import { rulesMetrics } from './metrics.ts';
import type { LiveEvents } from './threads/thread-messages.ts';

export type CountedOutcomes = Pick<LiveEvents, 'written' | 'unusable'> & {
  /** For the thread of live evaluation with this number. */
  of(thread: number): LiveEvents;
};

/** Counts what the threads report. */
export function countOutcomes(metrics: Metrics): CountedOutcomes {
  const evaluations = metrics.counter(rulesMetrics.evaluations);
  const outcomes = metrics.counter(rulesMetrics.outcomes);
  const unusable = metrics.counter(rulesMetrics.unusable);
  const turnedOff = metrics.counter(rulesMetrics.turnedOff);
  const partitions = metrics.gauge(rulesMetrics.partitions);

  const partitionsOf = new Map<number, number>();
  const shared = {
    written: (outcome: string, count: number) => outcomes.inc({ outcome }, count),
    unusable: (topic: string, records: number) => unusable.inc({ topic }, records),
  };

  return {
    ...shared,
    of: (thread) => ({
      ...shared,
      evaluated(done, failed) {
        evaluations.inc({ result: 'done' }, done);
        evaluations.inc({ result: 'failed' }, failed);
      },
      turnedOff: () => turnedOff.inc(),
      partitions(count) {
        partitionsOf.set(thread, count);
        partitions.set([...partitionsOf.values()].reduce((sum, each) => sum + each, 0));
      },
    }),
  };
}
