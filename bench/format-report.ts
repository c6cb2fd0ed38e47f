import { formatTable } from './format-table.ts';
import type { RowResult } from './row.ts';

/** `docs/benchmarks.md`: the table of the last full run, its machine, and what each row says about itself. */
export function formatReport(machine: string, results: readonly RowResult[]): string {
  const notes = results.flatMap(({ name, notes: lines }) => [
    `### ${name}`,
    '',
    ...lines.map((line) => `- ${line}`),
    '',
  ]);
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --write`. Each figure stands beside the raw part it is built on, measured in the same run; the ratio is what',
    'counts, for absolute figures belong to one machine and one moment. Real Kafka, registry and database run on the same cores.',
    '',
    `**Machine:** ${machine}`,
    '',
    formatTable(results),
    '',
    '## Notes',
    '',
    ...notes,
  ].join('\n');
}
