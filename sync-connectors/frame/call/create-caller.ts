import { setMaxListeners } from 'node:events';
import type { Log } from '@millrace/core/log/create-log';
import { retry } from '@millrace/core/retry/retry';
import { BrokenCircuitError } from 'cockatiel';
import type { Call } from '../connector.ts';
import { VendorFault } from '../vendor-fault.ts';
import { createBreakers } from './breakers.ts';
import type { Budget } from './budget.ts';
import { createRedactor, type Redact } from './redact.ts';
import { FailedTry, tryCall, waitAsAsked } from './try-call.ts';
import { withCredentials } from './with-credentials.ts';

export type CallPace = { readonly attempts: number; readonly firstDelayMs: number; readonly maxDelayMs: number };

/** Some two minutes in all. */
export const CALL_PACE: CallPace = { attempts: 8, firstDelayMs: 500, maxDelayMs: 30_000 };

export type CallerOptions = {
  readonly name: string;
  readonly budget: Budget;
  readonly timeoutMs: number;
  readonly breakMs: number;
  readonly pace?: CallPace;
  readonly onTry: (outcome: string, seconds: number | undefined) => void;
  readonly log: Log;
};

export type Caller = {
  /** A connector's way to its vendor, which ends with the signal. */
  callUntil(signal: AbortSignal): Call;
  /** Whether the vendor, or a host of it, is left alone for now. */
  isOpen(): boolean;
  /** Calls back now and with each change. */
  onOpen(tell: (isOpen: boolean) => void): void;
  readonly redact: Redact;
};

/**
 * The calls of one vendor: each try counted by the budget, counted by the breaker, and tried again while that may help. Only what may be
 * done twice is: GET and HEAD, and anything that a vendor has refused with 429.
 */
export function createCaller(options: CallerOptions): Caller {
  const { name, budget, timeoutMs, breakMs, pace = CALL_PACE, onTry, log } = options;
  const { redact, learn } = createRedactor();
  const breakers = createBreakers({ connector: name, breakMs, log });

  const once = async (url: string, init: RequestInit | undefined, signal: AbortSignal): Promise<Response> => {
    await budget.take(signal);
    const began = performance.now();
    try {
      const response = await tryCall(url, init, { timeoutMs, signal });
      onTry(String(response.status), (performance.now() - began) / 1_000);
      return response;
    } catch (error) {
      if (error instanceof FailedTry) onTry(error.outcome, undefined);
      throw error;
    }
  };

  return {
    redact,
    isOpen: breakers.isOpen,
    onOpen: breakers.onOpen,
    callUntil(signal) {
      // A connector makes any number of calls at a time.
      setMaxListeners(0, signal);
      return async (asked, given) => {
        learn(asked, given);
        const { url, init } = withCredentials(asked, given);
        learn(url, init);
        const breaker = breakers.of(url);
        const isRepeatable = ['GET', 'HEAD'].includes(init?.method?.toUpperCase() ?? 'GET');
        const mayHelp = (error: unknown) =>
          error instanceof BrokenCircuitError || (error instanceof FailedTry && (isRepeatable || error.isThrottled));
        try {
          return await retry({ ...pace, signal, while: mayHelp }, async () => {
            try {
              return await breaker.execute(() => once(url, init, signal));
            } catch (error) {
              if (error instanceof FailedTry) await waitAsAsked(error, signal);
              throw error;
            }
          });
        } catch (error) {
          throw faultOf(error);
        }
      };
    },
  };

  function faultOf(error: unknown): unknown {
    if (error instanceof BrokenCircuitError)
      return new VendorFault('unavailable', 'the vendor does not answer and is left alone for a while');
    if (error instanceof FailedTry)
      return new VendorFault(error.isThrottled ? 'throttled' : 'unavailable', redact(error.message));
    return error;
  }
}
