import type { Measure } from '../rule/window.ts';

/** What an event counts for in a window. `depth` is how many won events led to it. */
export type Point = { readonly time: number; readonly value: number | string | undefined; readonly depth: number };

/** Numbers of events, taken one after the other: their sum depends on the order, as sums of doubles do. */
export type Folded = {
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
};

/** Null where there is nothing to average or compare. */
export function measured(of: Exclude<Measure['of'], 'count' | 'distinct'>, folded: Folded): number | null {
  const { count, sum, least, most } = folded;
  if (of === 'sum') return sum;
  if (count === 0) return null;
  return of === 'avg' ? sum / count : of === 'min' ? least : most;
}
