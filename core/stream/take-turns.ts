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
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      while (taken.has(name) || taken.size >= atOnce) {
        if (signal.aborted) return undefined;
        await Promise.race([aborted, taken.get(name) ?? Promise.race(taken.values())]);
      }
      return begin(name);
    },
    async idle() {
      while (taken.size > 0) await Promise.race(taken.values());
    },
  };

  function begin(name: string): EndTurn {
    const { promise, resolve } = withResolvers();
    taken.set(name, promise);
    return () => {
      taken.delete(name);
      resolve();
    };
  }
}
