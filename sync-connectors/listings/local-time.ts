import { daysInMonth } from '@millrace/core/schema/days-in-month';

export type LocalTime = { readonly date: string; readonly time: string | null };

const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Date and time as a provider wrote them, or undefined where the calendar or the clock does not have them: 31 September, 24:01. An offset is
 * not applied, as a listing's times are its provider's own.
 */
export function localTime(text: string): LocalTime | undefined {
  const [, year, month, day, hour, minute, second = '00'] = TIME.exec(text.trim()) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = `${year}-${month}-${day}`;
  if (Number(day) < 1 || Number(day) > daysInMonth(Number(year), Number(month))) return undefined;
  if (hour === undefined || minute === undefined) return { date, time: null };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return { date, time: `${hour}:${minute}:${second}` };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment by the clock of a time zone: `2026-03-14T10:00:00`. */
export function clockIn(timeZone: string, moment: number): string {
  const known = formats.get(timeZone);
  const format =
    known ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  if (!known) formats.set(timeZone, format);
  return format.format(moment).replace(' ', 'T');
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
