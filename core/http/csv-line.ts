/** `spreadsheet` puts a `'` before a cell that a spreadsheet would run as a formula; without it cells are what the data is. */
export type CsvFor = 'data' | 'spreadsheet';

/** One line of RFC 4180: nested values as JSON, null as nothing, the empty text as `""`. */
export function csvLine(values: readonly unknown[], csvFor: CsvFor = 'data'): string {
  const cell = csvFor === 'spreadsheet' ? (value: unknown) => csvCell(harmless(value)) : csvCell;
  return `${values.map(cell).join(',')}\r\n`;
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const FORMULA = /^[=+\-@\t\r]/;
/** A decimal is text in JSON, and no formula. */
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

const harmless = (value: unknown): unknown =>
  typeof value === 'string' && FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
