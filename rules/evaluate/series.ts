import { lengthOf, type Window } from '../rule/window.ts';
import { type Bucket, bucketOf } from './bucket.ts';

/** The events of an account that may count in a window, ordered by their own time and, where it is equal, as they were appended. */
export type Series = {
  readonly times: number[];
  /** What is measured of each; empty where events are counted. */
  readonly values: (number | string)[];
  /** How deep in a chain each won event is; empty for other streams. */
  readonly depths: number[];
  /** What the last answer was folded to, so that the next one goes on from there where it begins at the same event. */
  folded: Folded | undefined;
  /** The tumbling window that was asked for last. */
  bucket: Bucket | undefined;
};

/** The events from one index up to another, folded in their order. */
type Folded = {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
};

/** What an event counts for in a window. */
type Point = { readonly time: number; readonly value: number | string | undefined; readonly depth: number };

export const newSeries = (): Series => ({ times: [], values: [], depths: [], folded: undefined, bucket: undefined });

export function addPoint(series: Series, { time, value, depth }: Point): void {
  const { times, values, depths } = series;
  const last = times.at(-1);
  const at = last === undefined || last <= time ? times.length : firstAfter(times, time);
  if (series.folded && at < series.folded.to) series.folded = undefined;
  if (depth > 0 && depths.length === 0) depths.push(...times.map(() => 0));
  if (depth > 0 || depths.length > 0) insert(depths, at, depth);
  if (value !== undefined) insert(values, at, value);
  insert(times, at, time);
}

/** Forgets what lies before a time. */
export function forgetBefore(series: Series, time: number): void {
  const count = firstAfter(series.times, time - 1);
  if (count === 0) return;
  series.folded = undefined;
  series.times.splice(0, count);
  series.values.splice(0, count);
  series.depths.splice(0, count);
}

/**
 * What a window that an instant falls into measures: always folded from its first event on, so that sums of doubles are the same
 * in every process. Null where there is nothing to average or compare.
 * @param depth how deep events may be in a chain to count
 */
export function measureAt(series: Series | undefined, window: Window, time: number, depth: number): number | null {
  const { of } = window.measure;
  if (!series) return of === 'count' || of === 'sum' || of === 'distinct' ? 0 : null;
  const [from, to] = rangeOf(series, window, time);
  if (of === 'count') return counted(series.depths, from, to, depth);
  if (of === 'distinct') return distinct(series, from, to, depth);
  const { count, sum, least, most } = folded(series, from, to, depth);
  if (of === 'sum') return sum;
  if (count === 0) return null;
  return of === 'avg' ? sum / count : of === 'min' ? least : most;
}

/** How many are no deeper. */
function counted(depths: readonly number[], from: number, to: number, depth: number): number {
  if (depths.length === 0) return to - from;
  let count = 0;
  for (let i = from; i < to; i += 1) if ((depths[i] ?? 0) <= depth) count += 1;
  return count;
}

function folded(series: Series, from: number, to: number, depth: number): Folded {
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

function distinct({ values, depths }: Series, from: number, to: number, depth: number): number {
  const found = new Set<number | string>();
  for (let i = from; i < to; i += 1) {
    const value = values[i];
    if (value !== undefined && (depths[i] ?? 0) <= depth) found.add(value);
  }
  return found.size;
}

/** Which events fall into the window: from one index up to another. */
function rangeOf(series: Series, window: Window, time: number): readonly [from: number, to: number] {
  const { times } = series;
  if (window.kind === 'sliding') return [firstAfter(times, time - lengthOf(window.over)), firstAfter(times, time)];
  const known = series.bucket;
  const bucket =
    known && known.start <= time && time < known.end ? known : bucketOf(time, window.over, window.timezone);
  series.bucket = bucket;
  const { start, end } = bucket;
  return [firstAfter(times, start - 1), firstAfter(times, end - 1)];
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
