import type { RunState } from './run.ts';

/** What a run has come to, by what its entities have: what a person has to act on comes first. */
export function combineStates(states: readonly RunState[]): RunState {
  const any = (state: RunState) => states.includes(state);
  if (any('running')) return 'running';
  if (any('cancelled')) return 'cancelled';
  if (any('held')) return 'held';
  if (states.length > 0 && states.every((state) => state === 'failed')) return 'failed';
  return any('failed') || any('partial') ? 'partial' : 'succeeded';
}
