import { ExponentialBackoff, halfJitterGenerator, handleWhen, retry as retryPolicy } from 'cockatiel';
import type { Log } from '../log/create-log.ts';
import { limitRate } from '../log/limit-rate.ts';
import { reasonOf } from '../problem/reason-of.ts';
import { withResolvers } from '../promise/with-resolvers.ts';

export type RetryOptions = {
  /** Whether another try may succeed. Any other error is thrown at once. */
  readonly while: (error: unknown) => boolean;
  /** How long the first pause is; each further one is twice as long, less a random part of up to one half. Default 100 ms. */
  readonly firstDelayMs?: number;
  /** The longest pause. Default 5 s. */
  readonly maxDelayMs?: number;
  /** How many tries there are in all; then the last error is thrown. Default: no limit. */
  readonly attempts?: number;
  /** Ends the retries with its reason. Work that runs at that moment is awaited first. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each pause. */
  readonly onRetry?: ((error: unknown) => void) | undefined;
  /** One line for the first failed try, and then one for each `everyMs` (default 10 s) that the trouble lasts. */
  readonly report?: RetryReport;
};

export type RetryReport = {
  readonly log: Log;
  readonly message: string;
  readonly level?: 'debug' | 'warn';
  readonly everyMs?: number;
};

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;
const LINE_EVERY_MS = 10_000;

/** Runs work until it succeeds, with an exponential backoff with jitter between the tries. */
export async function retry<Result>(options: RetryOptions, work: () => Promise<Result>): Promise<Result> {
  const { signal, attempts = Number.POSITIVE_INFINITY } = options;
  const report = reporter(options.report);
  const { promise: aborted, reject } = withResolvers<never>();
  let pausing = false;
  const onAbort = () => {
    if (pausing) reject(signal?.reason);
  };

  const policy = retryPolicy(
    handleWhen((error) => !signal?.aborted && options.while(error)),
    {
      maxAttempts: attempts - 1,
      backoff: new ExponentialBackoff({
        generator: halfJitterGenerator,
        initialDelay: options.firstDelayMs ?? FIRST_DELAY_MS,
        maxDelay: options.maxDelayMs ?? MAX_DELAY_MS,
      }),
    },
  );
  policy.onRetry((failure) => {
    const error = 'error' in failure ? failure.error : undefined;
    report(error);
    options.onRetry?.(error);
    pausing = true;
    signal?.addEventListener('abort', onAbort);
  });

  try {
    const running = policy.execute(() => {
      pausing = false;
      signal?.throwIfAborted();
      return work();
    });
    return await Promise.race([running, aborted]);
  } catch (error) {
    throw signal?.aborted && options.while(error) ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function reporter(report: RetryReport | undefined): (error: unknown) => void {
  if (!report) return () => undefined;
  const { log, message, level = 'warn', everyMs = LINE_EVERY_MS } = report;
  const allow = limitRate(everyMs);
  return (error) => {
    if (allow(message) !== undefined) log[level]({ reason: reasonOf(error) }, message);
  };
}
