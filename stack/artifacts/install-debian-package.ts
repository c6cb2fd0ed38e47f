import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RuntimeOptions } from './runtime.ts';

const run = promisify(execFile);

/**
 * Tries to install a package of Debian. Answers false where this process may not, as it is not root. Whether the package is there then is
 * for the caller to see: not every machine has apt-get.
 * @param purpose completes `Installing libaio1, …`
 */
export async function installDebianPackage(
  name: string,
  purpose: string,
  out: RuntimeOptions['out'],
): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  out.write(`Installing ${name}, ${purpose}\n`);
  const install = () => run('apt-get', ['install', '-y', name], { maxBuffer: MOST_OUTPUT });
  await install().catch(async () => {
    await run('apt-get', ['update']).catch(() => undefined);
    await install().catch(() => undefined);
  });
  return true;
}

const MOST_OUTPUT = 16 * 1024 * 1024;
