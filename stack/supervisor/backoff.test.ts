import { describe, expect, it } from 'vitest';
import { backoffMs, failuresAfter } from './backoff.ts';

describe('backoffMs', () => {
  it('doubles from half a second and stays at half a minute', () => {
    expect([1, 2, 3, 4, 7, 50].map(backoffMs)).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
  });
});

describe('failuresAfter', () => {
  it('counts failures in a row, and forgets them once a part was up for a minute', () => {
    expect(failuresAfter(3, 59_999)).toBe(4);
    expect(failuresAfter(3, 60_000)).toBe(1);
  });
});
