import { isMet, type RowResult, ratioOf } from './row.ts';

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

const HEAD = ['what', 'Millrace', 'raw part', 'ratio', 'bar', '', 'memory', 'event-loop delay p99', 'disk per million'];

/** The results as a Markdown table, which reads well in a terminal too. */
export function formatTable(results: readonly RowResult[]): string {
  const rows = results.map((result) => [
    result.name,
    `${number.format(result.ours)} ${result.unit}`,
    `${number.format(result.raw)} ${result.unit} (${result.rawName})`,
    ratioOf(result).toFixed(2),
    `${result.better === 'lower' ? '≤' : '≥'} ${result.bar}`,
    isMet(result) ? 'met' : 'missed',
    measured(result.residentMegabytes, 'MB'),
    measured(result.loopDelayP99Ms, 'ms'),
    measured(result.diskMegabytes, 'MB'),
  ]);
  return toMarkdown([HEAD, ...rows]);
}

const measured = (value: number | undefined, unit: string) =>
  value === undefined ? '' : `${number.format(value)} ${unit}`;

function toMarkdown([head = [], ...rows]: readonly string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), 3));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
