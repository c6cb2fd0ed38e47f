import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rootDir } from '@millrace/core/config/root-dir';
import { createLog } from '@millrace/core/log/create-log';
import { startStack } from '@millrace/stack/harness/start-stack';
import { describeMachine } from './describe-machine.ts';
import { formatReport } from './format-report.ts';
import { formatTable } from './format-table.ts';
import type { RowResult } from './row.ts';
import { rows } from './rows.ts';

const HELP = `Measures each speed bar beside its raw part, in one run on this machine.

npm run bench [-- row …] [--write]

rows     ${Object.keys(rows).join(', ')}; all of them when none is named
--write  put the table into docs/benchmarks.md`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const unknown = positionals.filter((name) => !(name in rows));
if (values.help || unknown.length > 0) {
  for (const name of unknown) say(`There is no row "${name}".`);
  say(HELP);
  process.exit(values.help ? 0 : 2);
}

const selected = Object.entries(rows).filter(([name]) => positionals.length === 0 || positionals.includes(name));
say(`Starting Kafka, the registry and the database for ${selected.length} rows.`);
const stack = await startStack(process.env);
const results: RowResult[] = [];
try {
  const log = createLog({ name: 'bench', level: 'warn' });
  const context = { ...stack, kafkaBrokers: stack.kafkaBrokers.split(','), log };
  for (const [i, [name, load]] of selected.entries()) {
    say(`[${i + 1}/${selected.length}] ${name} …`);
    const { run } = await load();
    const result = await run(context);
    results.push(result);
    say(`${formatTable([result])}\n${result.notes.map((note) => `  ${note}`).join('\n')}\n`);
  }
} finally {
  await stack.close();
}
say(formatTable(results));
if (values.write) await writeFile(join(rootDir, 'docs/benchmarks.md'), formatReport(describeMachine(), results));
process.exit(0);

function say(text: string) {
  process.stdout.write(`${text}\n`);
}
