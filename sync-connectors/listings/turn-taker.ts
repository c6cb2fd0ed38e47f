import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 5;

export type TurnTaker = {
  /** Whether work has held the event loop for a few milliseconds. */
  isDue(): boolean;
  /** Yields to the event loop. */
  yield(): Promise<void>;
};

/** Says when to yield to the event loop. What is not due is not waited for: it is asked once a base plan. */
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
