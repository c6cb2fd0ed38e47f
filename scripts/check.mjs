// What to run before a commit: everything that needs no Kafka. How long it takes is in CONTRIBUTING.md.
import process from 'node:process';
import { readArguments } from './read-arguments.mjs';
import { runSteps, staticChecks } from './run-steps.mjs';

readArguments({ usage: 'npm run check: formatting, types, rules, dead code, generated files, unit tests' });

const begun = performance.now();
const unit = {
  name: 'unit tests',
  command: 'vitest',
  args: ['run', '--project', 'unit', '--reporter=dot', '--maxWorkers=100%'],
};
// The longest first: the others pass beside it.
const results = await runSteps([unit, ...staticChecks], 2);

const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
process.stdout.write(
  failed.length > 0 ? `Failed: ${failed.join(', ')} (${seconds} s)\n` : `All is well (${seconds} s)\n`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
