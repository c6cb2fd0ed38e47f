import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process that can't be mistaken for a later one with the same id. */
export type ProcessIdentity = { readonly pid: number; readonly startedAt: string };

async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The program's name, in parentheses, may itself hold spaces: fields count from after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  }
  if (process.platform === 'win32') return undefined;
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim() || undefined;
}

/** Undefined when no such process runs. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = await startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export const isRunning = async ({ pid, startedAt }: ProcessIdentity): Promise<boolean> =>
  (await startOf(pid)) === startedAt;

/** Signals that process and no other: one that has ended, or whose id was given to another, is left alone. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** SIGTERM, then SIGKILL after the time given; resolves once it is gone. For processes that are not our children. */
export async function endProcess(identity: ProcessIdentity, withinMs: number): Promise<void> {
  await signalProcess(identity, 'SIGCONT');
  await signalProcess(identity, 'SIGTERM');
  const deadline = performance.now() + withinMs;
  while (await isRunning(identity)) {
    if (performance.now() > deadline) await signalProcess(identity, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
