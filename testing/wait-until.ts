import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until the answer satisfies, and gives it. Fails with the last answer in the message: what was seen says more than "timeout".
 * @param withinMs how long to go on asking
 */
export async function waitUntil<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  { withinMs = 30_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`condition not met within ${withinMs} ms; last answer: ${JSON.stringify(answer)}`);
    await pause(everyMs);
  }
}
