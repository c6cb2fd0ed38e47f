import type { Window } from '../rule/window.ts';
import { type Bucket, bucketOf } from './bucket.ts';
import { type Folded, measured, type Point } from './measured.ts';

/** What tumbling windows of an account hold: no events, but what they come to, folded in the order in which they were appended. */
export type Tumbling = {
  readonly buckets: Map<number, Filled>;
  /** The one that was asked for last. */
  last: Filled | undefined;
};

/** Its parts by how deep events are in chains: most have one, for events that nothing won. */
type Filled = Bucket & { readonly parts: Part[] };

type Part = { -readonly [Name in keyof Folded]: Folded[Name] } & {
  readonly depth: number;
  /** How many events, also those without a number. */
  events: number;
  readonly values: Set<number | string> | undefined;
};

export const newTumbling = (): Tumbling => ({ buckets: new Map(), last: undefined });

export function addToTumbling(tumbling: Tumbling, window: Window, { time, value, depth }: Point): void {
  const filled = bucketAt(tumbling, window, time);
  if (filled.parts.length === 0) tumbling.buckets.set(filled.start, filled);
  const part = partOf(filled, window, depth);
  part.events += 1;
  if (part.values) {
    if (value !== undefined) part.values.add(value);
  } else if (typeof value === 'number') {
    part.count += 1;
    part.sum += value;
    if (value < part.least) part.least = value;
    if (value > part.most) part.most = value;
  }
}

/** Forgets windows that end before a time; answers whether any is left. */
export function forgetInTumbling(tumbling: Tumbling, time: number): boolean {
  for (const [start, { end }] of tumbling.buckets) if (end <= time) tumbling.buckets.delete(start);
  tumbling.last = undefined;
  return tumbling.buckets.size > 0;
}

/** What the window that an instant falls into measures. */
export function measureTumbling(tumbling: Tumbling, window: Window, time: number, depth: number): number | null {
  const parts = bucketAt(tumbling, window, time).parts.filter((part) => part.depth <= depth);
  const { of } = window.measure;
  if (of === 'count') return parts.reduce((sum, { events }) => sum + events, 0);
  if (of === 'distinct') return new Set(parts.flatMap(({ values }) => [...(values ?? [])])).size;
  return measured(of, parts.length === 1 && parts[0] ? parts[0] : together(parts));
}

const together = (parts: readonly Part[]): Folded => ({
  count: parts.reduce((sum, { count }) => sum + count, 0),
  sum: parts.reduce((sum, part) => sum + part.sum, 0),
  least: Math.min(...parts.map(({ least }) => least)),
  most: Math.max(...parts.map(({ most }) => most)),
});

function partOf({ parts }: Filled, { measure }: Window, depth: number): Part {
  const known = parts.find((part) => part.depth === depth);
  if (known) return known;
  const part: Part = {
    depth,
    events: 0,
    count: 0,
    sum: 0,
    least: Number.POSITIVE_INFINITY,
    most: Number.NEGATIVE_INFINITY,
    values: measure.of === 'distinct' ? new Set() : undefined,
  };
  parts.push(part);
  parts.sort((a, b) => a.depth - b.depth);
  return part;
}

/** It is kept once it has an event. */
function bucketAt(tumbling: Tumbling, window: Window, time: number): Filled {
  const { buckets, last } = tumbling;
  if (last && last.start <= time && time < last.end) return last;
  const bucket = bucketOf(time, window.over, window.timezone);
  const filled = buckets.get(bucket.start) ?? { ...bucket, parts: [] };
  tumbling.last = filled;
  return filled;
}
