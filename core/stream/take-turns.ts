import { withResolvers } from '../promise/with-resolvers.ts';

/** Ends a turn. */
export type EndTurn = () => void;

export type Turns = {
  /**
   * Resolves once work of this name may begin: none of its name is at work, and fewer than so many in all. Undefined when
   * the signal is aborted before.
   */
  take(name: string, signal: AbortSignal): Promise<EndTurn | undefined>;
  /** Resolves once nothing is at work. */
  idle(): Promise<void>;
};

/** Lets work of one name go one after another, and so many at once of all names. */
export function takeTurns(atOnce: number): Turns {
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

  function begin(name: string): EndTurn {
    const { promise, resolve } = withResolvers();
    taken.set(name, promise);
    return () => {
      taken.delete(name);
      resolve();
    };
  }
}
