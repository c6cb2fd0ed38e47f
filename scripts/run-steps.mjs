import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..');

/** Of a failed step's words, the last ones: they hold the sum and most often the cause. */
const MOST_LINES = 60;

/** Runs a program of node_modules/.bin, or `node` itself. Answers whether it succeeded, what it printed, and the seconds. */
export async function runStep({ name, command, args, env = {}, quiet = true }) {
  const begun = performance.now();
  const file = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command);
  const stdio = ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'];
  const child = spawn(file, args, {
    cwd: root,
    stdio,
    env: { ...process.env, ...(quiet && { NO_COLOR: '1', FORCE_COLOR: '0' }), ...env },
    shell: process.platform === 'win32',
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(chunk));
  const [code] = await Promise.race([once(child, 'close'), once(child, 'error').then(([error]) => [error.message])]);
  const seconds = (performance.now() - begun) / 1_000;
  return { name, ok: code === 0, output: Buffer.concat(printed).toString('utf8'), seconds };
}

function report({ name, ok, output, seconds }) {
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(18)} ${seconds.toFixed(1).padStart(5)} s\n`);
  if (ok) return;
  const lines = output.trimEnd().split('\n');
  const cut = lines.length > MOST_LINES ? [`… ${lines.length - MOST_LINES} lines before`] : [];
  process.stdout.write([...cut, ...lines.slice(-MOST_LINES)].map((line) => `    ${line}\n`).join(''));
}

/** Runs the steps, a few at a time, and says how each went as it ends. */
export async function runSteps(steps, parallel) {
  const waiting = [...steps];
  const results = [];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await runStep(step);
      report(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return results;
}

/** What can be said about the code without running it. */
export const staticChecks = [
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'format and lint', command: 'biome', args: ['ci', '--colors=off', '.'] },
  {
    name: 'dependency rules',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', '--output-type', 'err', '.'],
  },
  { name: 'dead code', command: 'knip', args: ['--no-progress', '--treat-config-hints-as-errors'] },
  {
    name: 'generated files',
    command: 'node',
    args: ['--import', 'tsx', '--conditions=source', 'scripts/generate.ts', '--check'],
  },
];
