import type { Log } from '../log/create-log.ts';
import { Problem } from '../problem/problem.ts';
import { retry } from '../retry/retry.ts';

/** `untilUp` of a service that starts: its log is known, and `/readyz` says what it waits for. */
export type UntilUp = <Opened>(what: string, open: () => Promise<Opened>) => Promise<Opened>;

const DELAYS = { firstDelayMs: 250, maxDelayMs: 5_000 };
const mayPass = (error: unknown) => !(error instanceof Problem) || error.retriable;

/**
 * Opens something that may not be up yet, as often as it takes: a service that starts before its Kafka waits for it and
 * says so, rather than crash again and again. What trying again can't mend (a `Problem` that is not retriable) is thrown.
 * @param what for the log, e.g. `Kafka at 127.0.0.1:9092`
 */
export function untilUp<Opened>(log: Log, what: string, open: () => Promise<Opened>): Promise<Opened> {
  return retry({ ...DELAYS, while: mayPass, report: { log, message: `waiting for ${what}` } }, open);
}

/** Keeps count of what is waited for now, in the order in which the waiting began. */
export function watchWaits(log: Log): { readonly untilUp: UntilUp; waitingFor(): readonly string[] } {
  const waits = new Set<{ readonly what: string }>();
  return {
    async untilUp(what, open) {
      const waiting = { what };
      waits.add(waiting);
      try {
        return await untilUp(log, what, open);
      } finally {
        waits.delete(waiting);
      }
    },
    waitingFor: () => [...new Set([...waits].map(({ what }) => what))],
  };
}
