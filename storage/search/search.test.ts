import { describe, expect, it } from 'vitest';
import { parseLocalTime } from './local-time.ts';
import { zonedInstant } from './zoned-instant.ts';

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

describe('the instant of a local time', () => {
  it.each([
    ['2026-06-30 21:00:00', 'Europe/Madrid', '2026-06-30T19:00:00.000Z'],
    ['2026-12-30 21:00:00', 'Europe/Madrid', '2026-12-30T20:00:00.000Z'],
    ['2026-12-31 23:30:00', 'America/Toronto', '2027-01-01T04:30:00.000Z'],
    ['2026-10-25 02:30:00', 'Europe/Madrid', '2026-10-25T00:30:00.000Z'],
    ['2026-03-29 03:00:00', 'Europe/Madrid', '2026-03-29T01:00:00.000Z'],
    ['2026-06-30 21:00:00', 'Nowhere/At/All', '2026-06-30T21:00:00.000Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(new Date(zonedInstant(local, zone)).toISOString()).toBe(instant);
  });
});
