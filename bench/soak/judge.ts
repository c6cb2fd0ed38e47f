/** What was alive in a service after a full garbage collection; bytes and counts. */
export type Sample = {
  readonly heap: number;
  readonly rss: number;
  /** Event emitters, sockets among them. */
  readonly emitters: number;
  /** Abort signals. */
  readonly signals: number;
  /** Listeners of event targets, abort signals among them. */
  readonly listeners: number;
};

export const measures = ['heap', 'rss', 'emitters', 'signals', 'listeners'] as const;

/** Counts go up and down by what is in flight at the moment. */
const IN_FLIGHT = 20;

/** Parts of a soak: in the first caches fill and code is compiled, so it does not count. */
const PARTS = 5;

/**
 * How much each measure has grown: the median of the last fifth of the samples over that of the second fifth, so 1 is flat.
 * Counts have a slack, or one connection more would double them.
 * @returns an empty record for fewer than five samples
 */
export function growthOf(samples: readonly Sample[]): Partial<Record<(typeof measures)[number], number>> {
  const size = Math.floor(samples.length / PARTS);
  if (size === 0) return {};
  const early = samples.slice(size, 2 * size);
  const late = samples.slice(-size);
  return Object.fromEntries(
    measures.map((name) => [
      name,
      (median(late.map((each) => each[name])) + slack(name)) / (median(early.map((each) => each[name])) + slack(name)),
    ]),
  );
}

const slack = (name: (typeof measures)[number]) => (name === 'heap' || name === 'rss' ? 0 : IN_FLIGHT);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
