import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { prepareRuntime } from '../artifacts/runtime.ts';
import { lastLines } from '../parts/last-lines.ts';
import { isBuilt, servicesOf } from '../parts/service.ts';
import { addressesOf } from '../settings/addresses.ts';
import { StackError } from '../stack-error.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../supervisor/process-identity.ts';
import { stackWaves } from '../supervisor/stack-parts.ts';
import { readState, type StackState } from '../supervisor/stack-state.ts';
import { checkPorts } from './check-ports.ts';
import { followState } from './follow-state.ts';
import type { StackCli } from './stack-cli.ts';
import { stopLeftovers } from './stop-leftovers.ts';
import { welcome } from './welcome.ts';

/** Starts the supervisor so that it outlives this command and its terminal. */
const launchSupervisor = async (dataDir: string, env: StackCli['env'], logFile: string): Promise<ProcessIdentity> => {
  const main = join(import.meta.dirname, '..', 'supervisor', `main${extname(import.meta.filename)}`);
  await mkdir(join(dataDir, 'logs'), { recursive: true });
  const log = await open(logFile, 'a');
  const args = [...process.execArgv, '--enable-source-maps', main];
  const child = spawn(process.execPath, args, { env: { ...env }, detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  await log.close();
  const identity = child.pid === undefined ? undefined : await identityOf(child.pid);
  if (!identity) throw new StackError(`The supervisor ended at once; ${logFile} may say why.`);
  return identity;
};

const follow = async (
  { settings, out }: StackCli,
  supervisor: ProcessIdentity,
  logFile: string,
): Promise<StackState> => {
  const settled = ({ phase }: StackState) => phase !== 'starting' && phase !== 'stopping';
  const state = await followState(settings.dataDir, supervisor, settled, out);
  if (state?.phase === 'running') return state;
  if (state?.failure) throw new StackError(state.failure);
  const end = await lastLines(logFile, 5);
  throw new StackError(
    [`The supervisor ended before everything was ready. The end of ${logFile}:`, ...end].join('\n  '),
  );
};

/** Starts everything and returns when it is ready. Everything running already is fine too. */
export const up = async (cli: StackCli): Promise<void> => {
  const { settings, env, out } = cli;
  const { dataDir } = settings;
  const logFile = join(dataDir, 'logs', 'supervisor.log');
  const before = await readState(dataDir);
  if (before && (await isRunning(before.supervisor))) {
    out.write(before.phase === 'running' ? 'Already up.\n\n' : `Another make up is at it (${before.phase}).\n`);
    const state = await follow(cli, before.supervisor, logFile);
    out.write(welcome(state, addressesOf(settings.ports)));
    return;
  }

  const begun = performance.now();
  if (before) await stopLeftovers(dataDir, before, out);
  const runtime = await prepareRuntime({ ...settings, env, out });
  const parts = stackWaves(settings, runtime, env).flat();
  await checkPorts(parts);
  for (const service of servicesOf(settings.services)) {
    if (!isBuilt(service)) out.write(`  ${service.name.padEnd(9)} is not built (npm run build); it is left out\n`);
  }
  out.write(`Starting ${parts.map(({ name }) => name).join(', ')}\n`);
  const state = await follow(cli, await launchSupervisor(dataDir, env, logFile), logFile);
  out.write(`Up after ${((performance.now() - begun) / 1_000).toFixed(1)} s. Data and logs are in ${dataDir}\n\n`);
  out.write(welcome(state, addressesOf(settings.ports)));
};
