import type { Backlog } from '../store/status.ts';
import type { Delivery } from './delivery.ts';

export const states = ['ok', 'failing', 'paused', 'gone'] as const;
export type State = (typeof states)[number];

export type StateShown = {
  readonly state: State;
  /** As the database writes it; null where it is not kept. */
  readonly since: string | null;
  readonly reason: string | null;
};

type Known = {
  readonly backlog: Backlog;
  readonly lastError: string | null;
  /** Why it can't run, whatever its endpoint does. */
  readonly fault: string | undefined;
};

/** A delivery is failing while an event waits that its endpoint did not accept, or while it can't run at all. */
export function stateOf({ paused }: Delivery, { backlog, lastError, fault }: Known): StateShown {
  if (paused) return { state: paused.isGone ? 'gone' : 'paused', since: paused.at, reason: paused.because };
  if (fault !== undefined) return { state: 'failing', since: null, reason: fault };
  const { failingSince } = backlog;
  if (failingSince !== null) return { state: 'failing', since: failingSince, reason: lastError };
  return { state: 'ok', since: null, reason: null };
}
