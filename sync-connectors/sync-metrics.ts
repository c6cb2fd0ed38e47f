import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Counts, RunState } from './frame/run/run.ts';
import type { OpenConnector } from './frame/run/run-options.ts';
import type { TickOutcome } from './frame/schedule/tick.ts';
import { syncMetrics } from './metrics.ts';

/** What the frame reports, as metrics. */
export function createSyncMetrics(metrics: Metrics) {
  const rows = metrics.counter(syncMetrics.rows);
  const entities = metrics.counter(syncMetrics.entities);
  const ticks = metrics.counter(syncMetrics.ticks);
  const calls = metrics.counter(syncMetrics.calls);
  const seconds = metrics.histogram(syncMetrics.callSeconds);
  const breaker = metrics.gauge(syncMetrics.breaker);

  return {
    running: syncMetrics.running,
    onTry(connector: string, outcome: string, took: number | undefined): void {
      calls.inc({ connector, outcome });
      if (took !== undefined) seconds.observe({ connector }, took);
    },
    onRows: (connector: string, entity: string, outcome: keyof Counts, count: number): void =>
      rows.inc({ connector, entity, outcome }, count),
    onEnd: (connector: string, entity: string, state: RunState): void => entities.inc({ connector, entity, state }),
    onTick: (connector: string, outcome: TickOutcome): void => ticks.inc({ connector, outcome }),
    /** A gauge with labels has no one value to be asked for: each breaker sets its own. */
    watch(opened: readonly OpenConnector[]): void {
      for (const { connector, caller } of opened)
        caller.onOpen((isOpen) => breaker.set({ connector: connector.name }, isOpen ? 1 : 0));
    },
  };
}
