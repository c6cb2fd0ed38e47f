import { describe, expect, it } from 'vitest';
import { zonedInstant } from './zoned-instant.ts';

describe('the instant of a local time', () => {
  it.each([
    ['2026-06-30 21:00:00', 'Europe/Madrid', '2026-06-30T19:00:00.000Z'],
    ['2026-12-30 21:00:00', 'Europe/Madrid', '2026-12-30T20:00:00.000Z'],
    ['2026-12-31 23:30:00', 'America/Toronto', '2027-01-01T04:30:00.000Z'],
    ['2026-10-25 02:30:00', 'Europe/Madrid', '2026-10-25T00:30:00.000Z'],
    ['2026-03-29 03:00:00', 'Europe/Madrid', '2026-03-29T01:00:00.000Z'],
    ['1972-01-07 00:50:00', 'Africa/Monrovia', '1972-01-07T00:50:00.000Z'],
    ['1971-12-31 12:00:00', 'Africa/Monrovia', '1971-12-31T12:44:30.000Z'],
    ['2026-06-30 21:00:00', 'Nowhere/At/All', '2026-06-30T21:00:00.000Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(new Date(zonedInstant(local, zone)).toISOString()).toBe(instant);
  });
});
