// What to run before a commit: everything that needs no Kafka, in under a minute.
import process from 'node:process';
import { runSteps, staticChecks } from './run-steps.mjs';

const begun = performance.now();
const unit = { name: 'unit tests', command: 'vitest', args: ['run', '--project', 'unit', '--reporter=dot'] };
const results = await runSteps([...staticChecks, unit], 2);

const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
process.stdout.write(
  failed.length > 0 ? `Failed: ${failed.join(', ')} (${seconds} s)\n` : `All is well (${seconds} s)\n`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
