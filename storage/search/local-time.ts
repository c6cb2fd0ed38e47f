import { parseDate } from '@millrace/core/schema/rfc3339';

/** A date; then a time to minutes, seconds or fractions of them; then an offset. */
export const LOCAL_TIME =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(?:[Zz]|[+\- ](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/**
 * A moment on a provider's clock as MySQL writes it, `2026-06-30 21:00:00`, of a date, a time without offset or an RFC 3339 time.
 * An offset, also one whose `+` came as a space, changes nothing: times of listings are their provider's own and are compared as they are read.
 */
export function parseLocalTime(text: string): string | undefined {
  const [, date = '', time = '00:00:00'] = LOCAL_TIME.exec(text) ?? [];
  if (date === '' || parseDate(date) === undefined) return undefined;
  return `${date} ${time.slice(0, 8).padEnd(8, ':00')}`;
}
