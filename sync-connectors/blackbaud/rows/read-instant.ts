import { parseDate, parseInstant } from '@millrace/core/schema/rfc3339';
import { zonedInstant } from '@millrace/core/time/zoned-instant';
import { z } from 'zod';

/** What the vendor calls a fuzzy date: parts of it may be unknown. */
const fuzzyDate = z.object({ y: z.number().optional(), m: z.number().optional(), d: z.number().optional() });
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:,? +(\d{1,2}):(\d\d)(?::(\d\d))? *([AP])M)?$/i;
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

const two = (part: number | string) => String(part).padStart(2, '0');

/**
 * A moment of the vendor's as `2026-03-14T18:00:00.000Z`; undefined for what is none. One without an offset is of the zone: a list gives
 * `2026-03-14T18:00:00`, a query `3/14/2026 6:00 PM`, others a fuzzy date, which counts only when it is whole.
 */
export function readInstant(value: unknown, zone: string): string | undefined {
  if (typeof value !== 'string') return readFuzzyDate(value, zone);
  const text = value.trim();
  const exact = parseInstant(text);
  if (exact !== undefined) return new Date(exact).toISOString();
  const local = readLocal(text);
  const date = local?.slice(0, 10);
  if (local === undefined || date === undefined || parseDate(date) === undefined) return undefined;
  const instant = zonedInstant(local, zone);
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString();
}

function readFuzzyDate(value: unknown, zone: string): string | undefined {
  const { data } = fuzzyDate.safeParse(value);
  if (!data?.y || !data.m || !data.d) return undefined;
  return readInstant(`${String(data.y).padStart(4, '0')}-${two(data.m)}-${two(data.d)}`, zone);
}

function readLocal(text: string): string | undefined {
  const iso = LOCAL.exec(text);
  if (iso) return `${iso[1]} ${iso[2] ?? '00:00'}:${iso[3] ?? '00'}`;
  const [, month, day, year, hour = '12', minute = '00', second = '00', half = 'A'] = AMERICAN.exec(text) ?? [];
  if (month === undefined || day === undefined || Number(hour) > 12) return undefined;
  const hours = (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  return `${year}-${two(month)}-${two(day)} ${two(hours)}:${minute}:${second}`;
}
