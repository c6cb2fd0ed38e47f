import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 5;

/** Yields to the event loop whenever work has held it for a few milliseconds. */
export function turnTaker(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < SLICE_MS) return;
    await nextTurn();
    began = performance.now();
  };
}
