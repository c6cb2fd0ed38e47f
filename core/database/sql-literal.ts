import mysql from 'mysql2';

/** What the driver would escape; most text has none of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPED = /[\0\b\t\n\r\x1a"'\\]/;

/** Text as a literal, for statements of many rows where a binding per value would cost more than the value. */
export const textLiteral = (text: string): string => (ESCAPED.test(text) ? mysql.escape(text) : `'${text}'`);

/** JSON as a literal. It is full of double quotes, which the driver would escape one by one and a literal may hold as they are. */
export const jsonLiteral = (json: string): string => `'${json.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export const bytesLiteral = (bytes: Uint8Array): string =>
  `X'${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}'`;

const DAY_MS = 86_400_000;
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const threeDigits = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0'));
let lastDay = Number.NaN;
let lastDayText = '';

/** `'2026-03-14 07:32:10.000'` in UTC, of milliseconds since the epoch. Times come in runs of one day, whose text is kept. */
export function instantLiteral(millis: number): string {
  const day = Math.floor(millis / DAY_MS);
  if (day !== lastDay) {
    lastDayText = `'${new Date(day * DAY_MS).toISOString().slice(0, 10)} `;
    lastDay = day;
  }
  const rest = Math.trunc(millis) - day * DAY_MS;
  const minutes = Math.floor(rest / 60_000);
  const seconds = Math.floor(rest / 1_000) - minutes * 60;
  return `${lastDayText}${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds]}.${threeDigits[rest % 1_000]}'`;
}

/** This moment as a DATETIME(3) in UTC. */
export const sqlNow = (): string => instantLiteral(Date.now()).slice(1, -1);

/** A table, column or index name. */
export const nameLiteral = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
