import { expect, it } from 'vitest';
import { nextAttemptAt } from './retry-plan.ts';

const HOUR = 3_600_000;
const plan = { firstMs: 5_000, longestMs: HOUR, forMs: 24 * HOUR };

/** The pauses after each failed attempt, in seconds, for an endpoint that answers none. */
function pauses(random: () => number, retryAfterMs?: number): number[] {
  const found: number[] = [];
  for (let at = 0, attempts = 1; ; attempts += 1) {
    const next = nextAttemptAt(plan, { attempts, firstAttemptAt: 0 }, { at, durationMs: 0, retryAfterMs }, random);
    if (next === undefined) return found;
    found.push((next - at) / 1_000);
    at = next;
  }
}

it('waits twice as long after each failure, up to an hour, and tries for the last time after a day', () => {
  const whole = pauses(() => 0);

  expect(whole.slice(0, 11)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600]);
  expect(whole.reduce((sum, each) => sum + each, 0)).toBe(24 * 3_600);
});

it('takes off up to a half at random', () => {
  expect(pauses(() => 1).slice(0, 3)).toEqual([2.5, 5, 10]);
});

it('waits at least as long as the endpoint asks', () => {
  const asked = pauses(() => 0, 2 * HOUR * 1);

  expect(asked.slice(0, 2)).toEqual([7_200, 7_200]);
  expect(asked).toHaveLength(12);
});
