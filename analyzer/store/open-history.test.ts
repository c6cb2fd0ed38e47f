import { describe, expect, it } from 'vitest';
import { asAnswered, fullThing, openThings, runOf, sparseThing } from '../test/things.ts';

describe('a history', () => {
  it('gives every kind of field back as it came, across chunks and runs', async () => {
    const { open, find } = await openThings();
    const history = await open();
    const values = Array.from({ length: 2_500 }, (_, n) => (n % 3 === 0 ? sparseThing(n) : fullThing(n)));
    const run = await runOf(values);

    await history.append([
      { ...run, to: 1_000 },
      { ...run, from: 1_000 },
    ]);

    for (const index of [0, 1, 999, 1_000, 2_047, 2_048, 2_499]) {
      const event = await find.at(history.table, BigInt(index));
      const expected = asAnswered(values[index] ?? {});
      expect(event).toEqual({
        ...expected,
        position: { index, partition: 0, offset: index, appended_at: '1970-01-01T00:00:01.000Z' },
      });
    }
    expect(history.count()).toBe(2_500n);
  });

  it('knows after it was opened again what it has, how far it is, and which events not to count again', async () => {
    const { open } = await openThings();
    const first = await open();
    await first.append([await runOf([fullThing(1), fullThing(2), fullThing(1)])]);

    const second = await open();
    const numbered = await second.append([await runOf([fullThing(2), fullThing(3), fullThing(3)], 2_000, 3n)]);

    expect(numbered).toBe(1);
    expect(second.count()).toBe(3n);
    expect(second.checkpoints.get(0)).toMatchObject({ nextOffset: 6n, orderTime: 2_000, last: { offset: 5n } });
  });

  it('counts an event id again once the window is over', async () => {
    const { open } = await openThings();
    const history = await open();
    const week = 7 * 86_400_000;

    const counts = [];
    for (const [time, offset] of [
      [0, 0n],
      [week, 1n],
      [week + 1, 2n],
      [week * 2 + 2, 3n],
      [week * 5, 4n],
    ] as const)
      counts.push(await history.append([await runOf([fullThing(1)], time, offset)]));

    expect(counts).toEqual([1, 0, 1, 1, 1]);
  });
});
