import { createHash } from 'node:crypto';

export type Random = {
  /** Even over [low, high). */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** The bell curve. */
  normal(mean: number, deviation: number): number;
  /** Mostly near the median, now and then far above: how distances and durations are. */
  logNormal(median: number, sigma: number): number;
  /** One of them, by Zipf's law: the first twice as often as the second, three times as often as the third. */
  popular<T>(ranked: readonly [T, ...T[]]): T;
};

/** The same words give the same numbers, on every machine. */
export function randomOf(...words: readonly (string | number)[]): Random {
  let state = createHash('sha256').update(words.join('\n')).digest().readUInt32BE();
  // mulberry32: 32 bits of state are plenty for the few numbers drawn from each seed.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (mean: number, deviation: number) =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  return {
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    normal,
    logNormal: (median, sigma) => median * Math.exp(normal(0, sigma)),
    popular(ranked) {
      let left = next() * ranked.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
      for (const [index, one] of ranked.entries()) {
        left -= 1 / (index + 1);
        if (left <= 0) return one;
      }
      return ranked[0];
    },
  };
}
