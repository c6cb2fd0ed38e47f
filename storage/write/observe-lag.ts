import type { Log } from '@millrace/core/log/create-log';
import { measureLag } from '@millrace/core/stream/measure-lag';
import type { Progress } from '@millrace/core/stream/progress';
import type { OffsetReader } from '@millrace/core/stream/topic-offsets';
import type { WriterEvents } from './writer-messages.ts';

const EVERY_MS = 5_000;

type LagOptions = {
  readonly admin: OffsetReader;
  readonly progress: Progress;
  readonly events: Pick<WriterEvents, 'lags'>;
  readonly log: Log;
};

/** The lag of the partitions assigned here: for readiness and for the metrics. */
export function observeLag({ admin, progress, events, log }: LagOptions) {
  const timer = setInterval(() => {
    measure().catch((err: unknown) => log.debug({ err }, 'lag was not measured'));
  }, EVERY_MS);
  timer.unref();

  return {
    /** The sum over the partitions. Rejects where it is not known of one: nothing is claimed that was not asked of Kafka. */
    lag: measure,
    close: () => clearInterval(timer),
  };

  async function measure(): Promise<bigint> {
    const lags = await measureLag(admin, progress.positions());
    events.lags(
      lags.flatMap(({ topic, partition, lag }) =>
        lag === undefined ? [] : [{ topic, partition, records: Number(lag) }],
      ),
    );
    const unknown = lags.filter(({ lag }) => lag === undefined).map(({ topic }) => topic);
    if (unknown.length > 0) throw new Error(`lag unknown of ${[...new Set(unknown)].join(', ')}`);
    if (!progress.assigned()) throw new Error('lag unknown: the consumer group has not shared out its partitions yet');
    return lags.reduce((sum, { lag = 0n }) => sum + lag, 0n);
  }
}
