import type { Value } from '@millrace/core/schema/from-json';
import type { Plan } from './plan.ts';
import { forgetBefore, newSeries, type Series } from './series.ts';

/** What is known of an account: a function of what was appended to its partition. */
export type AccountState = {
  /** Its newest version; null when there is none. */
  account: Value | null;
  /** By the key of the window. */
  readonly series: Map<string, Series>;
};

export const newAccountState = (): AccountState => ({ account: null, series: new Map() });

export function seriesOf({ series }: AccountState, key: string): Series {
  const known = series.get(key);
  if (known) return known;
  const fresh = newSeries();
  series.set(key, fresh);
  return fresh;
}

/**
 * Drops what can't change an outcome of an entry appended at `at` or later. Answers whether anything is left. When it is called makes no
 * difference to any outcome.
 */
export function evict(state: AccountState, plan: Plan, at: number): boolean {
  for (const [key, series] of state.series) {
    const keepFrom = plan.windows.get(key)?.keepMs;
    forgetBefore(series, keepFrom === undefined ? Number.POSITIVE_INFINITY : at - keepFrom);
    if (series.times.length === 0) state.series.delete(key);
  }
  return state.account !== null || state.series.size > 0;
}
