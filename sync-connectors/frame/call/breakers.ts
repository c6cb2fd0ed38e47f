import type { Log } from '@millrace/core/log/create-log';
import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { FailedTry } from './try-call.ts';

const FAILURES_TO_OPEN = 5;

type BreakerOptions = { readonly connector: string; readonly breakMs: number; readonly log: Log };

export type Breakers = {
  of(url: string): CircuitBreakerPolicy;
  /** Whether any host is left alone for now. */
  isOpen(): boolean;
  /** Calls back now and with each change. */
  onOpen(tell: (isOpen: boolean) => void): void;
};

/** A breaker for each host that a connector calls: one provider that is down keeps nobody from another. */
export function createBreakers({ connector, breakMs, log }: BreakerOptions): Breakers {
  const breakers = new Map<string, CircuitBreakerPolicy>();
  const listeners: ((isOpen: boolean) => void)[] = [];
  const isOpen = () => [...breakers.values()].some(({ state }) => state === CircuitState.Open);

  return {
    of(url) {
      const host = URL.canParse(url) ? new URL(url).host : '';
      const breaker = breakers.get(host) ?? open(host);
      breakers.set(host, breaker);
      return breaker;
    },
    isOpen,
    onOpen(tell) {
      tell(isOpen());
      listeners.push(tell);
    },
  };

  function open(host: string): CircuitBreakerPolicy {
    const breaker = circuitBreaker(
      handleWhen((error) => error instanceof FailedTry && !error.isThrottled),
      { halfOpenAfter: breakMs, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
    );
    breaker.onBreak(() => log.warn({ connector, host }, 'the vendor does not answer and is left alone for a while'));
    breaker.onReset(() => log.info({ connector, host }, 'the vendor answers again'));
    breaker.onStateChange(() => {
      for (const tell of listeners) tell(isOpen());
    });
    return breaker;
  }
}
