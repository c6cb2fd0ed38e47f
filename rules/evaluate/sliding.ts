import { lengthOf, type Window } from '../rule/window.ts';
import { type Folded, measured, type Point } from './measured.ts';

/** The events of an account that may count in a sliding window, ordered by their own time and, where it is equal, as they were appended. */
export type Sliding = {
  readonly times: number[];
  /** What is measured of each; empty where events are counted. */
  readonly values: (number | string)[];
  /** How deep in a chain each won event is; empty for other streams. */
  readonly depths: number[];
  /** What the last answer was folded to, so that the next one continues there where it begins at the same event. */
  folded: FoldedRange | undefined;
};

/** The events from one index up to another, folded in their order. */
type FoldedRange = Folded & { readonly from: number; readonly to: number };

export const newSliding = (): Sliding => ({ times: [], values: [], depths: [], folded: undefined });

export function addToSliding(series: Sliding, { time, value, depth }: Point): void {
  const { times, values, depths } = series;
  const last = times.at(-1);
  const at = last === undefined || last <= time ? times.length : firstAfter(times, time);
  if (series.folded && at < series.folded.to) series.folded = undefined;
  if (depth > 0 && depths.length === 0) depths.push(...times.map(() => 0));
  if (depth > 0 || depths.length > 0) insert(depths, at, depth);
  if (value !== undefined) insert(values, at, value);
  insert(times, at, time);
}

/** Forgets what lies before a time; answers whether anything is left. */
export function forgetInSliding(series: Sliding, time: number): boolean {
  const count = firstAfter(series.times, time - 1);
  if (count === 0) return series.times.length > 0;
  series.folded = undefined;
  series.times.splice(0, count);
  series.values.splice(0, count);
  series.depths.splice(0, count);
  return series.times.length > 0;
}

/** What a window that ends at an instant measures: always folded from its first event on, so that sums are the same in every process. */
export function measureSliding(series: Sliding, window: Window, time: number, depth: number): number | null {
  const { of } = window.measure;
  const { times, depths } = series;
  const [from, to] = [firstAfter(times, time - lengthOf(window.over)), firstAfter(times, time)];
  if (of === 'count') return counted(depths, from, to, depth);
  if (of === 'distinct') return distinct(series, from, to, depth);
  return measured(of, folded(series, from, to, depth));
}

/** How many are no deeper. */
function counted(depths: readonly number[], from: number, to: number, depth: number): number {
  if (depths.length === 0) return to - from;
  let count = 0;
  for (let i = from; i < to; i += 1) if ((depths[i] ?? 0) <= depth) count += 1;
  return count;
}

function folded(series: Sliding, from: number, to: number, depth: number): FoldedRange {
  const { values, depths } = series;
  const all = depths.length === 0;
  const before = series.folded;
  const known = all && before?.from === from && before.to <= to ? before : undefined;
  let count = known?.count ?? 0;
  let sum = known?.sum ?? 0;
  let least = known?.least ?? Number.POSITIVE_INFINITY;
  let most = known?.most ?? Number.NEGATIVE_INFINITY;
  for (let i = known?.to ?? from; i < to; i += 1) {
    const value = values[i];
    if (typeof value !== 'number' || !(all || (depths[i] ?? 0) <= depth)) continue;
    count += 1;
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const fold = { from, to, count, sum, least, most };
  if (all) series.folded = fold;
  return fold;
}

function distinct({ values, depths }: Sliding, from: number, to: number, depth: number): number {
  const found = new Set<number | string>();
  for (let i = from; i < to; i += 1) {
    const value = values[i];
    if (value !== undefined && (depths[i] ?? 0) <= depth) found.add(value);
  }
  return found.size;
}

/** The index of the first time that is larger. */
function firstAfter(times: readonly number[], time: number): number {
  let [from, to] = [0, times.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((times[middle] ?? 0) <= time) from = middle + 1;
    else to = middle;
  }
  return from;
}

function insert<Each>(list: Each[], at: number, each: Each): void {
  if (at === list.length) list.push(each);
  else list.splice(at, 0, each);
}
