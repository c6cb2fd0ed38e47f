const DAY_MS = 86_400_000;

/** Dates as `2026-03-14`, half-open. */
export type DayRange = { readonly from: string; readonly to: string };

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

export const daysIn = ({ from, to }: DayRange): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** Two halves of a range of more than one day. */
export function halvesOf({ from, to }: DayRange): readonly [DayRange, DayRange] {
  const middle = addDays(from, Math.ceil(daysIn({ from, to }) / 2));
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

/** Whether the clock of a zone shows a day of the range at an instant. */
export function holdsInstant({ from, to }: DayRange, instant: string, zone: string): boolean {
  const day = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
  }).format(Date.parse(instant));
  return day >= from && day < to;
}

/** As the vendor's lists take a range: both days inclusive. A day more on each side, as it may count days by another clock than ours. */
export const rangeParameters = ({ from, to }: DayRange): Readonly<Record<string, string>> => ({
  start_date: addDays(from, -1),
  end_date: to,
});
