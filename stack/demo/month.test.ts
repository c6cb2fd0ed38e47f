import { expect, it } from 'vitest';
import { parseMonth } from './month.ts';

it.each([
  ['2025-03', 31, '2025-04-01T00:00:00.000Z'],
  ['2025-12', 31, '2026-01-01T00:00:00.000Z'],
  ['2024-02', 29, '2024-03-01T00:00:00.000Z'],
])('knows how long %s is and when it is over', (text, days, end) => {
  const month = parseMonth(text);

  expect(month).toEqual({ days, end: Date.parse(end) });
});

it.each(['2025-13', '2025-3', '2025-03-01', 'March'])('does not take %s for a month', (text) => {
  expect(parseMonth(text)).toBeUndefined();
});
