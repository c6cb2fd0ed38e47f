import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '../send/attempt.ts';

/**
 * When an endpoint may be sent to. It is left alone for as long as it asks; after failures in a row new events are tried one at a
 * time and with pauses, so that an endpoint that is down uses up no attempts, and one event that it does not like holds up no other.
 */
export type Gate = {
  /** Whether a new event may be tried now. */
  isOpen(): boolean;
  /** Whether the last attempts all failed. */
  isCautious(): boolean;
  /** Until when the endpoint asked to be left alone, in milliseconds since the epoch. */
  notBefore(): number;
  /** Resolves once a new event may be tried; rejects with the signal's reason. */
  opened(signal: AbortSignal): Promise<void>;
  report(attempt: Attempt): void;
  /** The delivery was changed or resumed: what was known of its endpoint is forgotten, but until when it is left alone. */
  renew(notBefore: number): void;
};

export type GateOptions = { readonly firstMs: number; readonly longestMs: number };

const FAILURES_IN_A_ROW = 5;
/** Waits are looked at this often, as they may have become longer or shorter. */
const LOOK_MS = 1_000;

export function createGate({ firstMs, longestMs }: GateOptions): Gate {
  let failures = 0;
  let openAt = 0;
  let notBefore = 0;
  let isShut = false;
  const waitMs = () => Math.max(openAt, notBefore) - Date.now();
  const isOpen = () => !isShut && waitMs() <= 0;

  return {
    isOpen,
    isCautious: () => failures >= FAILURES_IN_A_ROW,
    notBefore: () => (isShut ? Number.POSITIVE_INFINITY : notBefore),
    async opened(signal) {
      signal.throwIfAborted();
      while (!isOpen()) await sleep(isShut ? LOOK_MS : Math.min(LOOK_MS, Math.max(1, waitMs())), undefined, { signal });
    },
    report({ error, at, durationMs, retryAfterMs, isGone }) {
      if (error === undefined) {
        failures = 0;
        openAt = 0;
        return;
      }
      failures += 1;
      if (isGone) isShut = true;
      const now = at + durationMs;
      if (retryAfterMs !== undefined) notBefore = Math.max(notBefore, now + retryAfterMs);
      const over = failures - FAILURES_IN_A_ROW;
      if (over >= 0) openAt = now + Math.min(longestMs, firstMs * 2 ** Math.min(over, 30));
    },
    renew(at) {
      notBefore = at;
      failures = 0;
      openAt = 0;
      isShut = false;
    },
  };
}
