import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readCredentials } from '@millrace/core/config/credentials';
import { prepareRuntime } from '../artifacts/runtime.ts';
import { lastLines } from '../parts/last-lines.ts';
import { isBuilt, servicesOf } from '../parts/service.ts';
import { makeCredentials } from '../settings/make-credentials.ts';
import { privateFolder } from '../settings/private-folder.ts';
import { StackError } from '../stack-error.ts';
import { liveSupervisor } from '../supervisor/claim.ts';
import { identityOf, type ProcessIdentity } from '../supervisor/process-identity.ts';
import { stackWaves } from '../supervisor/stack-parts.ts';
import { readState, type StackState } from '../supervisor/stack-state.ts';
import { checkPorts } from './check-ports.ts';
import { followState } from './follow-state.ts';
import type { StackCli } from './stack-cli.ts';
import { stopLeftovers } from './stop-leftovers.ts';
import { welcome } from './welcome.ts';

const logFileOf = (dataDir: string): string => join(dataDir, 'logs', 'supervisor.log');

/** Starts the supervisor so that it outlives this command and its terminal. */
async function launchSupervisor(dataDir: string, env: StackCli['env']): Promise<ProcessIdentity> {
  const logFile = logFileOf(dataDir);
  const main = join(import.meta.dirname, '..', 'supervisor', `main${extname(import.meta.filename)}`);
  await mkdir(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const log = await open(logFile, 'a', 0o600);
  const args = [...process.execArgv, '--enable-source-maps', main];
  const child = spawn(process.execPath, args, { env: { ...env }, detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  await log.close();
  const identity = child.pid === undefined ? undefined : await identityOf(child.pid);
  if (!identity) throw new StackError(`The supervisor ended at once; ${logFile} may say why.`);
  return identity;
}

/** Follows a supervisor until everything is ready; throws the failure that it reports. */
async function follow(
  { settings, out }: StackCli,
  supervisor: ProcessIdentity,
  known?: StackState,
): Promise<StackState> {
  const until = ({ phase }: StackState) => phase !== 'starting' && phase !== 'stopping';
  const state = await followState(settings.dataDir, supervisor, { until, out, ...(known && { known }) });
  if (state?.phase === 'running') return state;
  if (state?.phase === 'stopping' && state.failure === undefined)
    throw new StackError('The stack was stopped before it was up.');
  if (state?.failure) throw new StackError(state.failure);
  const logFile = logFileOf(settings.dataDir);
  const end = await lastLines(logFile, 5);
  throw new StackError(
    [`The supervisor ended before everything was ready. The end of ${logFile}:`, ...end].join('\n  '),
  );
}

async function attach(cli: StackCli, supervisor: ProcessIdentity): Promise<void> {
  const known = await readState(cli.settings.dataDir);
  const running = known?.phase === 'running' && known.supervisor.pid === supervisor.pid;
  cli.out.write(running ? 'Already up.\n' : 'It is being started already.\n');
  const state = await follow(cli, supervisor, running ? known : undefined);
  cli.out.write('\n');
  cli.out.write(welcome(state, cli));
}

async function start(cli: StackCli, onLaunch: (supervisor: ProcessIdentity) => void): Promise<void> {
  const { settings, env, out } = cli;
  const { dataDir } = settings;
  const begun = performance.now();
  await privateFolder(dataDir);
  const before = await readState(dataDir);
  if (before) await stopLeftovers(dataDir, before, out);
  const runtime = await prepareRuntime({ ...settings, env, out });
  const known = readCredentials(dataDir)?.clients.admin !== undefined;
  const credentials = await makeCredentials(dataDir);
  const parts = stackWaves({ settings, runtime, env, credentials }).flat();
  await checkPorts(parts);
  for (const service of servicesOf(settings.services)) {
    if (!isBuilt(service)) out.write(`  ${service.name.padEnd(9)} is not built (npm run build); it is left out\n`);
  }
  out.write(`Starting ${parts.map(({ name }) => name).join(', ')}\n`);
  const supervisor = await launchSupervisor(dataDir, env);
  onLaunch(supervisor);
  const state = await follow(cli, supervisor);
  out.write(`Up after ${((performance.now() - begun) / 1_000).toFixed(1)} s. Data and logs are in ${dataDir}\n\n`);
  out.write(welcome(state, cli, known ? undefined : credentials));
}

/** Starts everything and returns when it is ready. Everything running already is fine too. */
export async function up(cli: StackCli): Promise<void> {
  const { dataDir } = cli.settings;
  const running = await liveSupervisor(dataDir);
  const known = await readState(dataDir);
  const stopping = known?.phase === 'stopping' && known.supervisor.pid === running?.pid;
  if (running && !stopping) return attach(cli, running);
  if (running && known) {
    cli.out.write('Waiting for what is being stopped\n');
    await followState(dataDir, running, { until: () => false, known, out: cli.out });
  }
  let ours: ProcessIdentity | undefined;
  try {
    await start(cli, (supervisor) => {
      ours = supervisor;
    });
  } catch (error) {
    // Two at the same moment: the one that came first has the folder and the ports.
    const other = await liveSupervisor(dataDir);
    if (!other || other.pid === ours?.pid) throw error;
    await attach(cli, other);
  }
}
