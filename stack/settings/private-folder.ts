import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { messageOf } from '@millrace/core/problem/message-of';
import { StackError } from '../stack-error.ts';

/** The files by which a folder is known as a data folder, also after an interrupted first start. */
const OURS = ['stack.json', 'credentials.json', 'supervisor.pid', 'logs', 'mariadb', 'kafka', 'registry', 'analyzer'];

/** Folders that hold more than a stack's data, with or without files in them. */
export const isPrecious = (dir: string): boolean => [parse(dir).root, homedir(), rootDir].includes(dir);

const OTHERS = 0o077;

/** Takes from group and others what they may do with everything in a folder; links are left alone. */
async function closeToOthers(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await closeToOthers(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o700);
  }
  await chmod(dir, 0o700);
}

/**
 * Makes DATA_DIR a folder that only its owner can look into, also one that an earlier version left open. A folder with
 * other things in it is refused before it is touched: `make clean` would remove them.
 */
export async function privateFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const inside = await readdir(dataDir);
    const foreign = inside.length > 0 && !inside.some((name) => OURS.includes(name));
    if (isPrecious(dataDir) || foreign) {
      throw new StackError(`DATA_DIR ${dataDir} holds other things; it must be a folder of its own.`);
    }
    const { mode } = await stat(dataDir);
    if (mode & OTHERS) await closeToOthers(dataDir);
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw new StackError(`DATA_DIR ${dataDir} cannot be used: ${messageOf(error)}`);
  }
}
