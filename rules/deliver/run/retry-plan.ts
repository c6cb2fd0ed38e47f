import type { Attempt } from '../send/attempt.ts';

export type RetryPlan = {
  /** The pause after the first failure; each further one is twice as long, less a random part of up to one half. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** How long an event is tried, from its first attempt on. The last one is at the end of that time. */
  readonly forMs: number;
};

type Tried = { readonly attempts: number; readonly firstAttemptAt: number };

/** When an event is tried again, in milliseconds since the epoch; undefined once it was tried for long enough. */
export function nextAttemptAt(
  { firstMs, longestMs, forMs }: RetryPlan,
  { attempts, firstAttemptAt }: Tried,
  { at, durationMs, retryAfterMs = 0 }: Pick<Attempt, 'at' | 'durationMs' | 'retryAfterMs'>,
  random: () => number = Math.random,
): number | undefined {
  const endsAt = firstAttemptAt + forMs;
  const now = at + durationMs;
  if (now >= endsAt) return undefined;
  const pause = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 50)) * (1 - random() / 2);
  return Math.max(Math.min(now + pause, endsAt), now + Math.min(retryAfterMs, forMs));
}
