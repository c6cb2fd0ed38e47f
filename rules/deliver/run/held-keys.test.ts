import { expect, it } from 'vitest';
import type { HeldEvent } from '../store/events.ts';
import { createHeldKeys } from './held-keys.ts';

const held = (row: number, keyDigest = 'a', more: Partial<HeldEvent> = {}): HeldEvent => ({
  ...{ row, offset: BigInt(row), keyDigest, eventId: `event-${row}`, attempts: 1 },
  ...{ firstAttemptAt: undefined, nextAttemptAt: undefined },
  ...more,
});
const rowsOf = (events: readonly HeldEvent[]) => events.map(({ row }) => row);

it('has the oldest event of each key first, also one that is recovered after younger ones', () => {
  const keys = createHeldKeys();
  for (const event of [held(5), held(7), held(6, 'b'), held(2)]) keys.add(event);

  expect(rowsOf(keys.heads())).toEqual([2, 6]);
  keys.remove(held(2));
  expect(rowsOf(keys.heads())).toEqual([5, 6]);
  keys.remove(held(6, 'b'));

  expect(rowsOf(keys.heads())).toEqual([5]);
  expect([keys.has('a'), keys.has('b'), keys.count()]).toEqual([true, false, 2]);
});

it('knows an event by its offset and its id, as a topic that was recreated has others at the same offsets', () => {
  const keys = createHeldKeys();
  keys.add(held(1));

  expect(keys.hasEvent({ offset: 1n, eventId: 'event-1' })).toBe(true);
  expect(keys.hasEvent({ offset: 1n, eventId: 'another' })).toBe(false);
});

it('replaces an event in its place, and leaves one alone that is gone', () => {
  const keys = createHeldKeys();
  for (const row of [1, 2, 3]) keys.add(held(row));
  keys.remove(held(2));
  keys.replace(held(1, 'a', { attempts: 4 }));
  keys.replace(held(2, 'a', { attempts: 9 }));

  expect(keys.heads()).toMatchObject([{ row: 1, attempts: 4 }]);
  keys.remove(held(1));
  expect(keys.heads()).toMatchObject([{ row: 3, attempts: 1 }]);
});

it('takes in and gives away ten thousand events of one key at once', () => {
  const keys = createHeldKeys();
  const began = performance.now();

  for (let row = 0; row < 10_000; row += 1) keys.add(held(row));
  for (let row = 0; row < 10_000; row += 1) {
    const [first] = keys.heads();
    if (first) keys.remove(first);
  }

  expect(keys.count()).toBe(0);
  expect(performance.now() - began).toBeLessThan(1_500);
});
