// Every check and every test, on real parts. The last line says how many passed and failed: each check counts as one.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { listFailures } from './list-failures.mjs';
import { otherNodes, portableTests, withNode } from './other-nodes.mjs';
import { readArguments } from './read-arguments.mjs';
import { runStep, runSteps, staticChecks } from './run-steps.mjs';

readArguments({ usage: 'make test: every check and every test, on real parts' });
const title = (text) => process.stdout.write(`\n== ${text}\n`);
const reports = mkdtempSync(join(tmpdir(), 'millrace-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

/**
 * Runs one project of vitest, or the part of it under a folder. Its own words go straight to the terminal, or, where it
 * runs beside another, there when it has ended.
 */
async function runTests({ project, name = `${project} tests`, under = [], flags = [], env = {}, quiet = false }) {
  if (!quiet) title(name);
  const file = join(reports, `${name.replaceAll(' ', '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['run', '--project', project, ...reporters, ...flags, ...under];
  const { ok, output } = await runStep({ name, command: 'vitest', args, env, quiet });
  if (quiet) {
    title(name);
    process.stdout.write(output);
  }
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    // A file that could not even be loaded has no tests to fail.
    const broken = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    );
    const failed = numFailedTests + broken.length;
    return {
      passed: numPassedTests,
      failed: ok ? failed : Math.max(1, failed),
      failures: listFailures(name, testResults),
    };
  } catch {
    return { passed: 0, failed: 1, failures: [`${name}: vitest wrote no report`] };
  }
}

/** Suites have names of their own, so two share a stack; most of their time they wait. */
const twoAtOnce = ['--fileParallelism', '--maxWorkers=2'];

/**
 * Storage's tests but for two that are about its own work, over statements that the others run too, and the round trip: MySQL 8.0.15
 * prints doubles inside JSON columns with 15 digits (docs/storage.md, Limits).
 */
const storageTests = () =>
  readdirSync(join(import.meta.dirname, '..', 'storage', 'test'))
    .filter((file) => file.endsWith('.int.test.ts') && !/^(long-range|poison|round-trip)\./.test(file))
    .map((file) => `storage/test/${file}`);

/** Storage's tests once more on a real MySQL 8.0, where there is one for this machine. */
async function runOnMysql8() {
  const args = ['--import', 'tsx', '--conditions=source', 'stack/harness/prepare-mysql8-lane.ts'];
  const { ok, output } = await runStep({ name: 'MySQL 8.0', command: 'node', args });
  if (ok) {
    const env = { STACK_DATABASE: 'mysql8' };
    return runTests({ project: 'int', name: 'storage on MySQL 8.0', under: storageTests(), env, quiet: true });
  }
  title('storage on MySQL 8.0');
  process.stdout.write(output);
  return output.includes('Skipped:')
    ? { passed: 0, failed: 0 }
    : { passed: 0, failed: 1, failures: ['storage on MySQL 8.0: it could not be prepared'] };
}

/** What differs between Nodes, and one start of the platform, on a newer Node than the one that runs this. */
async function runOnNode(version) {
  const major = `Node ${version.split('.')[0]}`;
  const { env, skipped } = withNode(version);
  if (skipped) {
    title(major);
    process.stdout.write(`Skipped: ${skipped}\n`);
    return [];
  }
  const on = { env, quiet: true };
  return [
    await runTests({ project: 'unit', name: `unit tests on ${major}`, under: portableTests, ...on }),
    await runTests({ project: 'nodes', name: `one start on ${major}`, ...on }),
  ];
}

title('checks');
const audit = { name: 'dependency audit', command: 'node', args: ['scripts/audit.mjs'] };
const checks = await runSteps([...staticChecks, audit], 2);
const failedChecks = checks.filter(({ ok }) => !ok).map(({ name }) => `check: ${name}`);
const counts = [{ passed: checks.length - failedChecks.length, failed: failedChecks.length, failures: failedChecks }];
counts.push(await runTests({ project: 'unit', flags: ['--maxWorkers=100%'] }));
counts.push(await runTests({ project: 'int', flags: twoAtOnce }));
// Most of the time both wait for what they start and stop, so they share the machine.
counts.push(...(await Promise.all([runTests({ project: 'e2e' }), runOnMysql8()])));

counts.push(...(await Promise.all(otherNodes.map(runOnNode))).flat());

const sum = (pick) => counts.reduce((total, count) => total + pick(count), 0);
const failed = sum((count) => count.failed);
const failures = counts.flatMap((count) => count.failures ?? []);
if (failures.length > 0) {
  title('what failed');
  for (const failure of failures) process.stdout.write(`${failure}\n`);
}
process.stdout.write(`\n${sum((count) => count.passed)} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
