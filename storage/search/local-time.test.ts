import { describe, expect, it } from 'vitest';
import { parseLocalTime } from './local-time.ts';

describe('a bound of a search', () => {
  it.each([
    ['2026-06-30', '2026-06-30 00:00:00'],
    ['2026-06-30T21:00', '2026-06-30 21:00:00'],
    ['2026-06-30T21:00:05', '2026-06-30 21:00:05'],
    ['2026-06-30T21:00:00Z', '2026-06-30 21:00:00'],
    ['2026-06-30T21:00:00.123+02:00', '2026-06-30 21:00:00'],
    ['2026-06-30T21:00:00 02:00', '2026-06-30 21:00:00'],
  ])('%s is read as the clock shows it', (text, local) => {
    expect(parseLocalTime(text)).toBe(local);
  });

  it.each(['', 'soon', '2026-09-31', '2026-06-30T24:00:00', '2026-06-30T21', '2026-06-30Z', "2026-06-30'"])(
    '"%s" is refused',
    (text) => {
      expect(parseLocalTime(text)).toBeUndefined();
    },
  );
});
