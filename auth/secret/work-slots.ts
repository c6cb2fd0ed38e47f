import { Problem } from '@millrace/core/problem/problem';

/** Runs work, at most so many at once; the others wait in order. */
export type WorkSlots = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** More than `maxWaiting` are refused with `saturated`, so that waiting never takes long or much memory. */
export function createWorkSlots({
  atOnce,
  maxWaiting,
}: {
  readonly atOnce: number;
  readonly maxWaiting: number;
}): WorkSlots {
  let free = atOnce;
  const waiting: (() => void)[] = [];

  return async (work) => {
    if (free > 0) free -= 1;
    else if (waiting.length >= maxWaiting)
      throw new Problem('saturated', 'Too many secrets are being checked; try again.');
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
