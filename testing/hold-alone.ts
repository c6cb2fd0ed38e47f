import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;

/**
 * Waits until no other process of this machine holds the name, and holds it; resolves with what gives it back. Whoever has ended without
 * that holds it no more.
 */
export async function holdAlone(name: string): Promise<() => Promise<void>> {
  const file = join(tmpdir(), `millrace-test-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.pid`);
  while (!(await create(file))) {
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
    else await sleep(LOOK_EVERY_MS);
  }
  return () => rm(file, { force: true });
}

async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
