import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import { stateOf, states } from './delivery/state.ts';
import { deliveryMetrics } from './metrics.ts';
import type { ShowOptions } from './routes/show.ts';
import { countUnread } from './run/unread.ts';
import type { Attempt } from './send/attempt.ts';
import { listDeliveries } from './store/deliveries.ts';
import { noBacklog, readBacklogs } from './store/status.ts';

type ObserveOptions = Omit<ShowOptions, 'secrets'> & { readonly metrics: Metrics; readonly log: Log };

export type Observed = {
  onAttempt(deliveryId: string, attempt: Attempt): void;
  onUnusable(deliveryId: string, count: number): void;
  close(): Promise<void>;
};

const EVERY_MS = 5_000;

/** Keeps the metrics of deliveries: what is sent here, and how each of them stands. */
export function observeDeliveries({ db, admin, streams, fault, metrics, log }: ObserveOptions): Observed {
  const attempts = metrics.counter(deliveryMetrics.deliveryAttempts);
  const seconds = metrics.histogram(deliveryMetrics.deliverySeconds);
  const unusable = metrics.counter(deliveryMetrics.deliveryUnusable);
  const state = metrics.gauge(deliveryMetrics.deliveryState);
  const waiting = metrics.gauge(deliveryMetrics.deliveryWaiting);
  const failed = metrics.gauge(deliveryMetrics.deliveryFailed);
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch((err: unknown) => log.debug({ err }, 'deliveries were not measured'));
  }, EVERY_MS);

  return {
    onAttempt(delivery, attempt) {
      attempts.inc({ delivery, result: resultOf(attempt) });
      seconds.observe({ delivery }, attempt.durationMs / 1_000);
    },
    onUnusable: (delivery, count) => unusable.inc({ delivery }, count),
    async close() {
      clearInterval(timer);
      await looking;
    },
  };

  async function look(): Promise<void> {
    const [deliveries, backlogs] = [await listDeliveries(db), await readBacklogs(db)];
    const unread = await Promise.all(
      deliveries.map(({ deliveryId, stream }) => {
        const topic = streams.find(({ name }) => name === stream)?.topic;
        return topic === undefined ? undefined : countUnread(db, admin, deliveryId, topic).catch(() => undefined);
      }),
    );
    for (const gauge of [state, waiting, failed]) gauge.reset();
    for (const [index, each] of deliveries.entries()) {
      const delivery = each.deliveryId;
      const backlog = backlogs.get(delivery) ?? noBacklog;
      const { state: now } = stateOf(each, { backlog, lastError: null, fault: fault(delivery) });
      for (const one of states) state.set({ delivery, state: one }, Number(one === now));
      const count = unread[index];
      if (count !== undefined) waiting.set({ delivery, stage: 'unread' }, count);
      waiting.set({ delivery, stage: 'retrying' }, backlog.retrying);
      failed.set({ delivery }, backlog.failed);
    }
  }
}

function resultOf({ error, status, isGone }: Attempt): string {
  if (error === undefined) return 'delivered';
  if (isGone) return 'gone';
  if (status === undefined) return 'no_answer';
  return status === 429 ? 'throttled' : 'refused';
}
