import { expect, it } from 'vitest';
import { isOverCap, staleCap } from './stale-cap.ts';

it('is five for few rows and a tenth for many', () => {
  expect([0, 1, 5, 50, 59, 60, 1_000].map(staleCap)).toEqual([5, 5, 5, 5, 5, 6, 100]);
});

it('is passed by more, and not by as many', () => {
  expect(isOverCap(5, 5)).toBe(false);
  expect(isOverCap(6, 6)).toBe(true);
  expect(isOverCap(100, 1_000)).toBe(false);
  expect(isOverCap(101, 1_000)).toBe(true);
});
