import { withResolvers } from '../promise/with-resolvers.ts';

/** Gives the slot back. */
export type ReleaseSlot = () => void;

export type PartitionSlots = {
  /**
   * Resolves once work of this name may begin: none of its name is at work, and fewer than `atOnce` in all. Undefined when
   * the signal is aborted before.
   */
  take(name: string, signal: AbortSignal): Promise<ReleaseSlot | undefined>;
  /** Resolves once nothing is at work. */
  idle(): Promise<void>;
};

/** Runs the work of one name one after another, and of all names `atOnce` at the same time. */
export function createPartitionSlots(atOnce: number): PartitionSlots {
  const taken = new Map<string, Promise<void>>();
  return {
    async take(name, signal) {
      const isFree = () => !taken.has(name) && taken.size < atOnce;
      if (signal.aborted) return undefined;
      if (!isFree()) await untilFree(name, isFree, signal);
      return signal.aborted ? undefined : begin(name);
    },
    async idle() {
      while (taken.size > 0) await Promise.race(taken.values());
    },
  };

  /** Leaves no listener behind: the signal may live much longer than the wait. */
  async function untilFree(name: string, isFree: () => boolean, signal: AbortSignal): Promise<void> {
    const { promise: aborted, resolve: abort } = withResolvers();
    const onAbort = () => abort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!isFree() && !signal.aborted)
        await Promise.race([aborted, taken.get(name) ?? Promise.race(taken.values())]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  function begin(name: string): ReleaseSlot {
    const { promise, resolve } = withResolvers();
    taken.set(name, promise);
    return () => {
      taken.delete(name);
      resolve();
    };
  }
}
