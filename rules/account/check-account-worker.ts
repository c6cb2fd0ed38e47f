import type { Check } from '@millrace/core/service/health';
import { watchProgress } from '@millrace/core/service/watch-progress';
import { checkReadable } from '@millrace/core/stream/check-readable';
import type { Consumption } from '@millrace/core/stream/consume';
import { measureLag } from '@millrace/core/stream/measure-lag';
import type { Progress } from '@millrace/core/stream/progress';
import type { OffsetReader } from '@millrace/core/stream/topic-offsets';

/** Whether the account worker moves while accounts wait for it. */
export const checkAccountWorker = (
  admin: OffsetReader,
  { progress, unreadable }: Pick<Consumption, 'progress' | 'unreadable'>,
  stuckAfterMs: number,
): Check =>
  checkReadable(
    unreadable,
    watchProgress({ lag: () => lagOf(admin, progress), position: progress.batches, stuckAfterMs }),
  );

/** Rejects where Kafka does not say how far it is. */
async function lagOf(admin: OffsetReader, progress: Progress): Promise<bigint> {
  if (!progress.assigned()) throw new Error('lag unknown: the consumer group has not shared out its partitions yet');
  const lags = await measureLag(admin, progress.positions());
  return lags.reduce((sum, { topic, lag }) => {
    if (lag === undefined) throw new Error(`lag unknown of ${topic}`);
    return sum + lag;
  }, 0n);
}
