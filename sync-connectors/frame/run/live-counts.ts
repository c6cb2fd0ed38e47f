import type { OpenPart, Progress } from './part-rows.ts';
import type { Counts } from './run.ts';
import { noCounts } from './run.ts';

/** What an entity's run has counted so far, and how far the connector says that it is. */
export type LiveCounts = {
  readonly counts: Readonly<Counts>;
  readonly progress: Progress;
  add(more: Partial<Counts>): void;
  reached(progress: Progress): void;
  /** Whether there is anything new since this was asked. */
  hasNews(): boolean;
};

/** What was written by a process that did not come to the end stays counted; what it read is read and counted again. */
export function createLiveCounts(
  { emitted, stale, returned }: Pick<OpenPart, 'emitted' | 'stale' | 'returned'>,
  onRows: (outcome: keyof Counts, count: number) => void,
): LiveCounts {
  const counts: Counts = { ...noCounts(), emitted, stale, returned };
  let progress: Progress = { done: undefined, total: undefined };
  let isNews = true;
  return {
    counts,
    get progress() {
      return progress;
    },
    add(more) {
      for (const name of ['read', 'emitted', 'unchanged', 'rejected', 'stale', 'returned'] as const) {
        const count = more[name] ?? 0;
        if (count === 0) continue;
        counts[name] += count;
        isNews = true;
        if (name !== 'read') onRows(name, count);
      }
    },
    reached(now) {
      progress = now;
      isNews = true;
    },
    hasNews() {
      const had = isNews;
      isNews = false;
      return had;
    },
  };
}
