import { describe, expect, it } from 'vitest';
import { limitRate } from './limit-rate.ts';

describe('limitRate', () => {
  it('lets one of each kind through per interval and says how many it held back', () => {
    let now = 0;
    const heldBefore = limitRate(1_000, () => now);

    expect([heldBefore('kafka'), heldBefore('kafka'), heldBefore('database'), heldBefore('kafka')]).toEqual([
      0,
      undefined,
      0,
      undefined,
    ]);
    now = 1_000;
    expect(heldBefore('kafka')).toBe(2);
    now = 2_500;
    expect(heldBefore('kafka')).toBe(0);
  });
});
