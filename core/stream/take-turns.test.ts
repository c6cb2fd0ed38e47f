import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { takeTurns } from './take-turns.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets work of one name go one after another while other names go on', async () => {
  const turns = takeTurns(3);
  const begun: string[] = [];
  const begin = async (name: string) => {
    const end = await turns.take(name, never);
    begun.push(name);
    return end;
  };

  const first = await begin('a');
  const second = begin('a');
  await begin('b');
  await settled();
  const before = [...begun];
  first?.();
  await second;

  expect(before).toEqual(['a', 'b']);
  expect(begun).toEqual(['a', 'b', 'a']);
});

it('lets no more than so many names be at work', async () => {
  const turns = takeTurns(2);
  const first = await turns.take('a', never);
  await turns.take('b', never);

  const third = turns.take('c', never);
  const early = await Promise.race([third.then(() => 'begun'), settled().then(() => 'waiting')]);
  first?.();

  expect(early).toBe('waiting');
  expect(await third).toBeDefined();
});

it('gives up waiting when the signal is aborted, and leaves the work that goes on alone', async () => {
  const turns = takeTurns(2);
  const stop = new AbortController();
  const first = await turns.take('a', never);

  const waiting = turns.take('a', stop.signal);
  stop.abort();
  const answer = await waiting;
  const idle = turns.idle().then(() => 'idle');
  const early = await Promise.race([idle, settled().then(() => 'at work')]);
  first?.();

  expect([answer, early, await idle]).toEqual([undefined, 'at work', 'idle']);
});

it('leaves no listener on the signal, whether it had to wait or not', async () => {
  const turns = takeTurns(1);
  const { signal } = new AbortController();

  for (let round = 0; round < 100; round += 1) {
    const first = await turns.take('a', signal);
    const second = turns.take('b', signal);
    await settled();
    first?.();
    (await second)?.();
  }

  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

it('gives no turn under an aborted signal, though one is free', async () => {
  expect(await takeTurns(1).take('a', AbortSignal.abort())).toBeUndefined();
});
