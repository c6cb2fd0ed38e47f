import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.UTC(2026, 2, 14, 7, 30);

it.each([
  ['7', 7_000],
  ['0', 0],
  ['Sat, 14 Mar 2026 07:31:00 GMT', 60_000],
  ['Sat, 14 Mar 2026 07:29:00 GMT', 0],
  ['999999999', 86_400_000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
  ['', undefined],
  ['soon', undefined],
  ['1e9', undefined],
  [undefined, undefined],
])('understands %s', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
