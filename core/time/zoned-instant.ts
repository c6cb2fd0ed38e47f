const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/**
 * The instant at which a clock of a time zone shows `2026-06-30 21:00:00`, in epoch milliseconds. A time that the clock skips counts
 * as if it had not; of one that it shows twice the first. UTC stands for a zone that is not known.
 */
export function zonedInstant(local: string, zone: string): number {
  const shown = Date.parse(`${local.replace(' ', 'T')}Z`);
  const before = shown - zoneOffset(shown - DAY_MS, zone);
  const after = shown - zoneOffset(shown + DAY_MS, zone);
  const times = [before, after].filter((at) => at + zoneOffset(at, zone) === shown);
  return times.length > 0 ? Math.min(...times) : before;
}

/** Since 1980 clocks change at whole quarters of an hour; before, some changed at odd seconds. */
const QUARTER_MS = 900_000;
const REGULAR_SINCE = Date.UTC(1980, 0, 1);
const MOST_KEPT = 50_000;
const kept = new Map<string, number>();

/** How far the zone's clock is ahead of UTC, in milliseconds. Asking the calendar takes 10 µs and more, so answers are kept. */
export function zoneOffset(instant: number, zone: string): number {
  if (instant < REGULAR_SINCE) return askOffset(Math.floor(instant / 1_000) * 1_000, zone);
  const quarter = Math.floor(instant / QUARTER_MS) * QUARTER_MS;
  const key = `${zone}/${quarter}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const offset = askOffset(quarter, zone);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, offset);
  return offset;
}

function askOffset(instant: number, zone: string): number {
  const format = formatOf(zone);
  if (!format) return 0;
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - instant;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) formats.set(zone, newFormat(zone));
  return formats.get(zone);
}

function newFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const two = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
    });
  } catch {
    return undefined;
  }
}
