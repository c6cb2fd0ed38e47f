import { problemOf } from '@millrace/core/problem/problem-of';
import { describe, expect, it } from 'vitest';
import { createBudget } from './budget.ts';

const MB = 1024 * 1024;
const budget = () => createBudget(64 * MB, 20_000);
function outcome(take: () => void) {
  try {
    take();
    return 'taken';
  } catch (error) {
    return problemOf(error).code;
  }
}

describe('createBudget', () => {
  it('leaves room for others, and for small requests of the same client, when one’s large bodies stall', () => {
    const { claim } = budget();

    const stalled = Array.from({ length: 17 }, () => outcome(() => claim('a').take(4 * MB)));

    expect(stalled.filter((each) => each === 'taken')).toHaveLength(8);
    expect(outcome(() => claim('a').take(200))).toBe('taken');
    expect(outcome(() => claim('b').take(4 * MB))).toBe('taken');
  });

  it('counts a body that grows large with the large ones from its beginning', () => {
    const { claim } = budget();
    const claims = Array.from({ length: 8 }, () => claim('a'));
    for (const each of claims) for (let part = 0; part < 64; part += 1) each.take(MB / 16);

    expect(outcome(() => claim('a').take(MB))).toBe('saturated');
    expect(outcome(() => claim('a').take(32 * 1024))).toBe('taken');
  });

  it('gives half of the records to a client, and never more than there are', () => {
    const { claim } = budget();

    expect(outcome(() => claim('a').take(0, 10_000))).toBe('taken');
    expect(outcome(() => claim('a').take(0, 1))).toBe('saturated');
    expect(outcome(() => claim('b').take(0, 10_000))).toBe('taken');
    expect(outcome(() => claim('c').take(0, 1))).toBe('saturated');
  });

  it('has everything again once all is released, however often', () => {
    const { claim } = budget();
    const claims = ['a', 'b'].flatMap((client) => [claim(client), claim(client)]);
    for (const each of claims) each.take(16 * MB, 5_000);

    expect(outcome(() => claim('c').take(1))).toBe('saturated');
    for (const each of claims) each.release();
    for (const each of claims) each.release();

    expect(outcome(() => claim('a').take(32 * MB, 10_000))).toBe('taken');
  });
});
