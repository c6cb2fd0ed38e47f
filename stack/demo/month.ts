export type Month = {
  readonly days: number;
  /** The first instant of the next month in UTC, in milliseconds since the epoch. */
  readonly end: number;
};

const DAY_MS = 86_400_000;

/** A month as people write it: `2025-03`. */
export function parseMonth(text: string): Month | undefined {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const [start, end] = [Date.UTC(Number(year), Number(month) - 1), Date.UTC(Number(year), Number(month))];
  return { days: (end - start) / DAY_MS, end };
}
