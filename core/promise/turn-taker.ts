import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 5;

export type TurnTaker = {
  /** Whether work has held the event loop for a few milliseconds. */
  isDue(): boolean;
  /** Yields to the event loop. */
  yield(): Promise<void>;
};

/** Says when to yield to the event loop, in work of many small steps: `if (turn.isDue()) await turn.yield()`, so that a step that need not wait does not. */
export function turnTaker(): TurnTaker {
  let began = performance.now();
  return {
    isDue: () => performance.now() - began >= SLICE_MS,
    async yield() {
      await nextTurn();
      began = performance.now();
    },
  };
}
