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
import { onRequest, rows } from './rows.ts';

const HELP = `Measures each speed bar beside its raw part, in one run on this machine.

npm run bench [-- row …] [--write] [--minutes 30]

rows     ${Object.keys(rows).join(', ')}; all of these when none is named
         ${Object.keys(onRequest).join(', ')}: only when named
--write  put the table into docs/benchmarks.md
--minutes  how long a soak takes; 30 unless given`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const minutes = Number(values.minutes);
const unknown = positionals.filter((name) => !Object.hasOwn({ ...rows, ...onRequest }, name));
if (values.help || unknown.length > 0 || !(minutes > 0)) {
  if (!(minutes > 0)) say('--minutes must be a number above 0.');
  for (const name of unknown) say(`There is no row "${name}".`);
  say(HELP);
  process.exit(values.help ? 0 : 2);
}

const selected =
  positionals.length === 0
    ? Object.entries(rows)
    : Object.entries({ ...rows, ...onRequest }).filter(([name]) => positionals.includes(name));
say(`Starting Kafka, the registry and the database for ${selected.length} rows.`);
const stack = await startStack(process.env);
const results: RowResult[] = [];
try {
  const log = createLog({ name: 'bench', level: 'warn' });
  const context = { ...stack, kafkaBrokers: stack.kafkaBrokers.split(','), log, soakMinutes: minutes };
  for (const [i, [name, load]] of selected.entries()) {
    say(`[${i + 1}/${selected.length}] ${name} …`);
    const { run } = await load();
    const lines = [await run(context)].flat();
    results.push(...lines);
    const notes = lines.flatMap((line) => line.notes);
    say(`${formatTable(lines)}\n${notes.map((note) => `  ${note}`).join('\n')}\n`);
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
