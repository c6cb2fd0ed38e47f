import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { createPartitionSlots } from './partition-slots.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets work of one name go one after another while other names continue', async () => {
  const slots = createPartitionSlots(3);
  const begun: string[] = [];
  const begin = async (name: string) => {
    const end = await slots.take(name, never);
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

it('lets no more names be at work than there are slots', async () => {
  const slots = createPartitionSlots(2);
  const first = await slots.take('a', never);
  await slots.take('b', never);

  const third = slots.take('c', never);
  const early = await Promise.race([third.then(() => 'begun'), settled().then(() => 'waiting')]);
  first?.();

  expect(early).toBe('waiting');
  expect(await third).toBeDefined();
});

it('gives up waiting when the signal is aborted, and leaves work that continues alone', async () => {
  const slots = createPartitionSlots(2);
  const stop = new AbortController();
  const first = await slots.take('a', never);

  const waiting = slots.take('a', stop.signal);
  stop.abort();
  const answer = await waiting;
  const idle = slots.idle().then(() => 'idle');
  const early = await Promise.race([idle, settled().then(() => 'at work')]);
  first?.();

  expect([answer, early, await idle]).toEqual([undefined, 'at work', 'idle']);
});

it('leaves no listener on the signal, whether it had to wait or not', async () => {
  const slots = createPartitionSlots(1);
  const { signal } = new AbortController();

  for (let round = 0; round < 100; round += 1) {
    const first = await slots.take('a', signal);
    const second = slots.take('b', signal);
    await settled();
    first?.();
    (await second)?.();
  }

  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

it('gives no slot under an aborted signal, though one is free', async () => {
  expect(await createPartitionSlots(1).take('a', AbortSignal.abort())).toBeUndefined();
});
