import { exec } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { z } from 'zod';
import { questionPlots } from './plots/question-plots.ts';
import { readArguments } from './read-arguments.mjs';

/**
 * Runs the curl lines of docs/questions.md against a platform that has the month of the page (`make demo MONTH=2025-03`) and
 * writes what they answer into the page and its plots. With `--check` it writes nothing, and fails if anything differs.
 * The analyzer is that of the settings; an argument names another.
 */
const docs = join(import.meta.dirname, '../docs');
const { values, positionals } = readArguments({
  usage: 'npm run answer-questions [-- --check] [host:port of an analyzer]: the answers and plots of docs/questions.md',
  options: { check: { type: 'boolean' } },
  most: 1,
});
const { check = false } = values;
const analyzer = positionals[0] ?? `localhost:${readConfig(readEnvironment()).ports.analyzer}`;
const shell = promisify(exec);

const QUESTION = /```sh\n(curl [^\n]+)\n```\n```json\n([\s\S]*?)```\n\n!\[([^\]]*)\]\(plots\/([\w-]+)\.svg\)/g;
const ROWS_SHOWN = 4;

const answerShape = z.object({
  data: z.array(z.record(z.string(), z.unknown())),
  as_of: z.string(),
  lag: z.number(),
  more: z.literal(true).optional(),
});
type Answer = z.output<typeof answerShape>;

const page = await readFile(join(docs, 'questions.md'), 'utf8');
const files = new Map<string, string>();
let answered = page;
for (const [whole, command = '', shown = '', , plot = ''] of page.matchAll(QUESTION)) {
  const { stdout } = await shell(command.replace('localhost:8083', analyzer));
  const answer = answerShape.parse(JSON.parse(stdout));
  const text = textOf(answer);
  if (withoutTime(text) !== withoutTime(shown))
    answered = answered.replace(whole, () => whole.replace(`json\n${shown}`, () => `json\n${text}`));
  const draw = questionPlots[plot];
  if (!draw) throw new Error(`there is no plot ${plot}`);
  files.set(`plots/${plot}.svg`, draw(answer.data));
}
files.set('questions.md', answered);
if (files.size !== Object.keys(questionPlots).length + 1) throw new Error('the page does not show every plot once');

const stale: string[] = [];
for (const [name, content] of files) {
  const path = join(docs, name);
  if ((await readFile(path, 'utf8').catch(() => undefined)) === content) continue;
  stale.push(name);
  if (check) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
const said = check && stale.length > 0 ? process.stderr : process.stdout;
said.write(stale.length === 0 ? `${files.size - 1} answers are as shown.\n` : `Other: ${stale.join(', ')}\n`);
process.exitCode = check && stale.length > 0 ? 1 : 0;

/** A row a line; of many rows the first few, and how many more there are. */
function textOf({ data, as_of, lag, more: isCut }: Answer): string {
  const shown = data.length > ROWS_SHOWN + 1 ? data.slice(0, ROWS_SHOWN) : data;
  const more = data.length > shown.length ? [`"… ${data.length - shown.length} more"`] : [];
  const rows = [...shown.map(spaced), ...more].map((row) => `    ${row}`);
  return `{\n  "data": [\n${rows.join(',\n')}\n  ],\n  "as_of": "${as_of}", "lag": ${lag}${isCut ? ', "more": true' : ''}\n}\n`;
}

/** JSON on one line, as people write it. */
function spaced(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${spaced(each)}`);
  return `{ ${fields.join(', ')} }`;
}

function withoutTime(text: string): string {
  return text.replace(/"as_of": "[^"]*"/, '');
}
