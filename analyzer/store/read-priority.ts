import { setImmediate as nextTurn } from 'node:timers/promises';

/** Reads have priority: writing is done a little at a time, and yields while a lookup is answered. */
export type ReadPriority = {
  /** Does the read, which writing yields to. */
  trackRead<Result>(work: () => Promise<Result>): Promise<Result>;
  /** For writing, between one part and the next: lets waiting requests begin, and waits until reads are done, within a limit. */
  yieldToReads(): Promise<void>;
};

type ReadPriorityLimits = {
  /** How long after a read writing still yields: the next one often comes at once. */
  readonly afterMs: number;
  /** The longest that writing yields at a time: it continues under any load of reads. */
  readonly atMostMs: number;
};

export function createReadPriority({ afterMs, atMostMs }: ReadPriorityLimits): ReadPriority {
  const waiting = new Set<() => void>();
  let reading = 0;

  return {
    async trackRead(work) {
      reading += 1;
      try {
        return await work();
      } finally {
        setTimeout(readDone, afterMs).unref();
      }
    },
    async yieldToReads() {
      await nextTurn();
      if (reading > 0) await untilRead();
    },
  };

  function readDone() {
    reading -= 1;
    if (reading === 0) for (const resume of waiting) resume();
  }

  function untilRead(): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, atMostMs);
      waiting.add(resume);
    });
  }
}
