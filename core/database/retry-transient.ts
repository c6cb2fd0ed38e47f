import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from '@millrace/core/database/is-transient';
import type { Log } from '@millrace/core/log/create-log';
import { Problem } from '@millrace/core/problem/problem';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 3_000;
const LINE_EVERY_MS = 10_000;

/**
 * Runs work again for as long as it takes, while what it throws passes by itself: the database, the registry or Kafka
 * being away, a deadlock. Throws anything else, and the signal's reason once that is aborted.
 */
export async function retryTransient<Result>(
  { signal, log, onRetry }: { signal?: AbortSignal; log: Log; onRetry?: () => void },
  work: () => Promise<Result>,
): Promise<Result> {
  let saidAt = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) && !(error instanceof Problem && error.retriable)) throw error;
      onRetry?.();
      if (Date.now() - saidAt > LINE_EVERY_MS) {
        saidAt = Date.now();
        log.warn({ err: error }, 'not stored yet, trying again');
      }
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { ...(signal && { signal }) });
    }
  }
}
