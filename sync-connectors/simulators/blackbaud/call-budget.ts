import type { BlackbaudSettings } from './blackbaud-settings.ts';

export type OverBudget = { readonly limit: 'second' | 'day'; readonly inSeconds: number };

const DAY_S = 86_400;

/** Counts the calls of a second and of a day, as the vendor's gateway does. */
export function callBudget(clock: () => number) {
  let second = { at: 0, calls: 0 };
  let day = { at: 0, calls: 0 };
  return {
    /** Takes a call, or says which limit it is over, and until when. */
    take({ per_second, per_day }: BlackbaudSettings): OverBudget | undefined {
      const seconds = Math.floor(clock() / 1_000);
      const today = Math.floor(seconds / DAY_S);
      if (second.at !== seconds) second = { at: seconds, calls: 0 };
      if (day.at !== today) day = { at: today, calls: 0 };
      if (per_day > 0 && day.calls >= per_day) return { limit: 'day', inSeconds: DAY_S - (seconds % DAY_S) };
      if (per_second > 0 && second.calls >= per_second) return { limit: 'second', inSeconds: 1 };
      second.calls += 1;
      day.calls += 1;
      return undefined;
    },
  };
}
