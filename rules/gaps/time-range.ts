/** Append times, from one up to another. */
export type TimeRange = { readonly from: number; readonly to: number };

/** What of a range lies in none of the others, the oldest first. */
export function without(range: TimeRange, others: readonly TimeRange[]): TimeRange[] {
  let left = [range];
  for (const other of others)
    left = left.flatMap(({ from, to }) => [
      ...some({ from, to: Math.min(to, other.from) }),
      ...some({ from: Math.max(from, other.to), to }),
    ]);
  return left;
}

/** What two ranges have in common: one range, or none. */
export const overlap = (a: TimeRange, b: TimeRange): TimeRange[] =>
  some({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) });

const some = (range: TimeRange): TimeRange[] => (range.from < range.to ? [range] : []);
