import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-03-14T07:00:00Z');

it.each([
  ['0', 0],
  [' 12 ', 12_000],
  ['Sat, 14 Mar 2026 07:01:00 GMT', 60_000],
  ['Sat, 14 Mar 2026 06:00:00 GMT', 0],
  ['soon', undefined],
  [null, undefined],
])('reads %s as %s ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
