// Known advisories about what is installed, each of which needs an answer in writing. Passes, and says so, where the registry gives none.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { auditFaults, findingsOf, isReport } from './audit-answers.mjs';

const root = join(import.meta.dirname, '..');
const WITHIN_MS = 60_000;

/** The report of `npm audit`; undefined where the registry gives none in time. */
async function audit(...flags) {
  const child = spawn('npm', ['audit', '--json', '--fetch-retries=0', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: WITHIN_MS,
    shell: process.platform === 'win32',
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]).catch(() => ['']);
  try {
    const report = JSON.parse(printed);
    return isReport(report) ? report : undefined;
  } catch {
    return undefined;
  }
}

const production = await audit('--omit=dev');
const all = production && (await audit());
if (!all) {
  process.stdout.write('Not audited: the package registry gives no answer about advisories here.\n');
} else {
  const answers = JSON.parse(readFileSync(join(root, 'docs', 'dependency-audit.json'), 'utf8'));
  const findings = { production: findingsOf(production), development: findingsOf(all) };
  const inProduction = new Set(findings.production.map(({ id, package: name }) => `${id} ${name}`));
  const development = findings.development.filter(({ id, package: name }) => !inProduction.has(`${id} ${name}`));
  const faults = auditFaults({ production: findings.production, development }, answers);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
  else process.stdout.write(`Audited: ${answers.length} findings, all answered.\n`);
}
