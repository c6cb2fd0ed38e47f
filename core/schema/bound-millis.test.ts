import { expect, it } from 'vitest';
import { boundMillis } from './bound-millis.ts';

it('is the next millisecond for what is kept in milliseconds, before 1970 too', () => {
  expect([0n, 1n, 999n, 1_000n, -1n, -999n, -1_000n, -1_001n].map(boundMillis)).toEqual([0, 1, 1, 1, 0, 0, -1, -1]);
});
