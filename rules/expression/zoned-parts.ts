import { zoneOffset } from '@millrace/core/time/zoned-instant';

export type ZonedParts = {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
};

/** What calendar and clock of a time zone show at an instant. */
export function zonedParts(instant: number, zone: string): ZonedParts {
  const shown = new Date(instant + zoneOffset(instant, zone));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    millisecond: shown.getUTCMilliseconds(),
  };
}
