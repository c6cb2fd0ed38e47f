import mysql from 'mysql2';

/** What the driver would escape; most text has none of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPED = /[\0\b\t\n\r\x1a"'\\]/;

/** Text as a literal, for statements of many rows where a binding per value would cost more than the value. */
export const textLiteral = (text: string): string => (ESCAPED.test(text) ? mysql.escape(text) : `'${text}'`);

export const bytesLiteral = (bytes: Uint8Array): string =>
  `X'${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}'`;

/** `'2026-03-14 07:32:10.000'` in UTC, of milliseconds since the epoch. */
export const instantLiteral = (millis: number): string => {
  const text = new Date(millis).toISOString();
  return `'${text.slice(0, 10)} ${text.slice(11, 23)}'`;
};

/** A table, column or index name. */
export const nameLiteral = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
