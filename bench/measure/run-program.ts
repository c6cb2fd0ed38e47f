import { execFile } from 'node:child_process';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';

const isSource = extname(import.meta.filename) === '.ts';

/**
 * Runs a program of the bench as a process of its own, in which nothing of ours is loaded that it does not load itself.
 * @param program its path within `bench`, without extension
 * @returns the JSON that it prints
 */
export async function runProgram(program: string, args: readonly string[]): Promise<unknown> {
  const file = join(import.meta.dirname, '..', `${program}${extname(import.meta.filename)}`);
  const node = [...(isSource ? ['--conditions=source', '--import', 'tsx'] : []), file];
  const { stdout } = await promisify(execFile)(process.execPath, [...node, ...args]);
  return JSON.parse(stdout);
}
