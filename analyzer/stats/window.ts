import { instantSql } from '../store/instant-sql.ts';
export const windows = ['1m', '1h', '1d', '1w', '1mo'] as const;
export type Window = (typeof windows)[number];

export const windowUnits: Readonly<Record<Window, string>> = {
  '1m': 'minute',
  '1h': 'hour',
  '1d': 'day',
  '1w': 'week',
  '1mo': 'month',
};

/** The longest that a window can last, in seconds: a day has 25 hours when the clocks are set back. */
const LONGEST_S: Readonly<Record<Window, number>> = {
  '1m': 60,
  '1h': 3_600,
  '1d': 90_000,
  '1w': 608_400,
  '1mo': 2_682_000,
};

export const longestMicros = (window: Window): bigint => BigInt(LONGEST_S[window]) * 1_000_000n;

/** An instant of SQL as the clocks of `$timezone` show it. */
const localTime = (instant: string) => `timezone($timezone, timezone('UTC', ${instant}))`;

export type Cut = {
  /** What rows are grouped by: the clock's time at which the window begins, and for minutes and hours the instant. */
  readonly keys: readonly string[];
  /** Of these, the first instant of the window. */
  readonly start: string;
  /** Of these, what the next window's is one unit after. */
  readonly key: string;
};

/**
 * Days, weeks (from Monday) and months begin at midnight of the time zone, so a day may have 23 or 25 hours; where the clocks
 * change at midnight, with the first instant of the date. Minutes and hours are cut from the time's own offset, so that the
 * hour which a clock set back repeats is two windows; where clocks change by half an hour, one begins with the change.
 */
export function cutInto(window: Window, time: string): Cut {
  const clock = `date_trunc('${windowUnits[window]}', ${localTime(time)})`;
  if (window === '1m' || window === '1h') {
    const begin = `(${time} - (${localTime(time)} - ${clock}))`;
    const changed = `abs(epoch_us("$clock") - epoch_us(${localTime('"$begin"')}))`;
    const start = `("$begin" + to_microseconds(${changed}))`;
    return { keys: [`${clock} AS "$clock"`, `${begin} AS "$begin"`], start, key: start };
  }
  const midnight = `timezone('UTC', timezone($timezone, "$clock"))`;
  const earlier = `(${midnight} - INTERVAL 1 HOUR)`;
  const start = `CASE WHEN ${localTime(earlier)} = "$clock" THEN ${earlier} ELSE ${midnight} END`;
  return { keys: [`${clock} AS "$clock"`], start, key: '"$clock"' };
}

/** What the window that an instant lies in is grouped by. */
export function keyAt(micros: bigint, window: Window): string {
  const { keys, key } = cutInto(window, instantSql(micros));
  return `(SELECT ${key} FROM (SELECT ${keys.join(', ')}))`;
}
