import { setTimeout as pause } from 'node:timers/promises';

const MOST_CHARACTERS = 2_000;

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
      throw new Error(`condition not met within ${withinMs} ms; last answer: ${shown(answer)}`);
    await pause(everyMs);
  }
}

function shown(answer: unknown): string {
  const text = JSON.stringify(answer) ?? 'undefined';
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
