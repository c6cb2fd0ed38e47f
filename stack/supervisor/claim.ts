import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

const fileOf = (dataDir: string): string => join(dataDir, 'supervisor.pid');

async function read(file: string): Promise<ProcessIdentity | undefined> {
  const [pid, startedAt] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  return pid && startedAt ? { pid: Number(pid), startedAt } : undefined;
}

/** The supervisor of the folder that is alive now; undefined when there is none. */
export async function liveSupervisor(dataDir: string): Promise<ProcessIdentity | undefined> {
  const holder = await read(fileOf(dataDir));
  return holder && (await isRunning(holder)) ? holder : undefined;
}

/**
 * Makes this process the one supervisor of the folder, until it ends. Answers undefined when another one is alive; what
 * a dead one left is taken over.
 */
export async function claim(
  dataDir: string,
): Promise<{ readonly self: ProcessIdentity; release(): Promise<void> } | undefined> {
  const self = await identityOf(process.pid);
  if (!self) throw new Error('this process cannot be found');
  const file = fileOf(dataDir);
  await mkdir(dataDir, { recursive: true });
  for (;;) {
    try {
      await writeFile(file, `${self.pid}\n${self.startedAt}\n`, { flag: 'wx' });
      return { self, release: () => rm(file, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (await liveSupervisor(dataDir)) return undefined;
    await rm(file, { force: true });
  }
}
