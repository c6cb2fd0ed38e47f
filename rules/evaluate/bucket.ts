import { zonedInstant, zoneOffset } from '@millrace/core/time/zoned-instant';
import { lengthOf, type Over } from '../rule/window.ts';

export type Bucket = { readonly start: number; readonly end: number };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** 1970-01-05, the day from which weeks and thirty days are counted. */
const A_MONDAY = 4;
const MOST_KEPT = 20_000;
const kept = new Map<string, Bucket>();

/** The tumbling window that an instant falls into: a clock's hour, or days of the calendar, from their start up to the next start. */
export function bucketOf(time: number, over: Over, zone: string): Bucket {
  const offset = zone === 'UTC' ? 0 : zoneOffset(time, zone);
  if (over === '1h') {
    const start = Math.floor((time + offset) / HOUR_MS) * HOUR_MS - offset;
    return { start, end: start + HOUR_MS };
  }
  const days = lengthOf(over) / DAY_MS;
  const number = Math.floor((Math.floor((time + offset) / DAY_MS) - A_MONDAY) / days);
  if (zone === 'UTC') return { start: midnight(number * days), end: midnight((number + 1) * days) };
  const key = `${zone}/${days}/${number}`;
  const known = kept.get(key);
  if (known) return known;
  const bucket = { start: localMidnight(number * days, zone), end: localMidnight((number + 1) * days, zone) };
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, bucket);
  return bucket;
}

const midnight = (day: number) => (day + A_MONDAY) * DAY_MS;

const localMidnight = (day: number, zone: string) =>
  zonedInstant(`${new Date(midnight(day)).toISOString().slice(0, 10)} 00:00:00`, zone);
