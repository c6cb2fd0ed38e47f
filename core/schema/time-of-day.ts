export const DAY_MICROS = 86_400_000_000;
const TIME = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/;

/** Microseconds since midnight of `07:32:10.250`; undefined for anything else. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds, digits = ''] = match;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000 + Number(digits.padEnd(6, '0'));
}

/** @param digits 3 for milliseconds, 6 for microseconds */
export function formatTimeOfDay(micros: number, digits: 3 | 6): string {
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = pad(micros % 1_000_000, 6).slice(0, digits);
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${fraction}`;
}
