import { residentMegabytes } from '../measure/resident-megabytes.ts';

const EVERY_MS = 100;

export type MemoryWatch = {
  /** The most that was seen, in all and in each quarter of the time, in megabytes. */
  end(): { readonly peak: number; readonly quarters: readonly number[] };
};

/** Watches a process's resident memory from now on: whether it grows as time goes by. */
export function watchMemory(pid: number): MemoryWatch {
  const seen: number[] = [];
  const timer = setInterval(async () => {
    seen.push(await residentMegabytes(pid));
  }, EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      const size = Math.ceil(seen.length / 4);
      const quarters = Array.from({ length: 4 }, (_, n) => Math.max(...seen.slice(n * size, (n + 1) * size)));
      return { peak: Math.max(...seen), quarters };
    },
  };
}
