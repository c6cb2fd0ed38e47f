import { openStreams } from '@millrace/core/record/open-streams';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { watchProgress } from '@millrace/core/service/watch-progress';
import type { Admin } from '@millrace/core/stream/admin';
import { checkReadable } from '@millrace/core/stream/check-readable';
import type { Producer } from '@millrace/core/stream/create-producer';
import { measureLag } from '@millrace/core/stream/measure-lag';
import type { Progress } from '@millrace/core/stream/progress';
import { startAccountWorker, type WorkerOptions } from './start-account-worker.ts';

type OpenOptions = Omit<WorkerOptions, 'events' | 'toRecord' | 'admin' | 'producer'> & {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly streams: readonly Stream[];
  readonly admin: Admin;
  readonly producer: Producer;
  readonly replicationFactor: number;
  readonly stuckAfterMs: number;
};

const EVENT = 'millrace.rewards.Event';

/** Opens the account worker, and answers what says whether it moves; undefined where the schemas have no stream of events. */
export async function openAccountWorker({ use, untilUp, ...options }: OpenOptions): Promise<Check | undefined> {
  const { streams, admin, stuckAfterMs } = options;
  const events = streams.find(({ recordName }) => recordName === EVENT);
  if (!events) return undefined;
  const { toRecords } = await openStreams({ ...options, untilUp, streams: [events] });
  const toRecord = toRecords.get(events);
  if (!toRecord) throw new Error('the stream of events was not opened');
  const { progress, unreadable } = await use(
    untilUp('Kafka to read accounts', () => startAccountWorker({ ...options, events, toRecord })),
  );
  const lag = () => lagOf(admin, progress);
  return checkReadable(unreadable, watchProgress({ lag, position: progress.batches, stuckAfterMs }));
}

/** Rejects where Kafka does not say how far it is. */
async function lagOf(admin: Admin, progress: Progress): Promise<bigint> {
  if (!progress.assigned()) throw new Error('lag unknown: the consumer group has not shared out its partitions yet');
  const lags = await measureLag(admin, progress.positions());
  return lags.reduce((sum, { topic, lag }) => {
    if (lag === undefined) throw new Error(`lag unknown of ${topic}`);
    return sum + lag;
  }, 0n);
}
