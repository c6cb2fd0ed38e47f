import type { Window } from '../rule/window.ts';
import type { Point } from './measured.ts';
import { addToSliding, forgetInSliding, measureSliding, newSliding, type Sliding } from './sliding.ts';
import { addToTumbling, forgetInTumbling, measureTumbling, newTumbling, type Tumbling } from './tumbling.ts';

/** What is remembered of an account's events for a window. */
export type WindowState = Sliding | Tumbling;

export const newWindowState = ({ kind }: Window): WindowState => (kind === 'sliding' ? newSliding() : newTumbling());

export function addPoint(state: WindowState, window: Window, point: Point): void {
  if ('buckets' in state) addToTumbling(state, window, point);
  else addToSliding(state, point);
}

/** Forgets what lies before a time; answers whether anything is left. */
export const forgetBefore = (state: WindowState, time: number): boolean =>
  'buckets' in state ? forgetInTumbling(state, time) : forgetInSliding(state, time);

/**
 * What a window that an instant falls into measures. Null where there is nothing to average or compare.
 * @param depth how deep events may be in a chain to count
 */
export function measureAt(state: WindowState | undefined, window: Window, time: number, depth: number): number | null {
  const { of } = window.measure;
  if (!state) return of === 'count' || of === 'sum' || of === 'distinct' ? 0 : null;
  return 'buckets' in state ? measureTumbling(state, window, time, depth) : measureSliding(state, window, time, depth);
}
