import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Installed = { readonly python: string; readonly packages: string };

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const INSTALLED_WITHIN_MS = 300_000;

/**
 * Schemathesis as `requirements.txt` fixes it, in a folder of the cache that is named for those versions, fetched the
 * first time. Answers the reason instead where this machine has no Python with pip, or pip can't fetch it.
 */
export async function installSchemathesis(cacheDir: string): Promise<Installed | { readonly reason: string }> {
  const python = await findPython();
  if (python === undefined) return { reason: 'this machine has no Python 3.10 or newer with pip' };
  const requirements = await readFile(REQUIREMENTS, 'utf8');
  const version = await pythonVersion(python);
  const digest = createHash('sha256').update(`${version}\n${requirements}`).digest('hex').slice(0, 12);
  const packages = join(cacheDir, `schemathesis-${digest}`);
  const there = await access(packages).then(
    () => true,
    () => false,
  );
  if (there) return { python, packages };

  await mkdir(cacheDir, { recursive: true });
  const staging = await mkdtemp(join(cacheDir, 'schemathesis-new-'));
  try {
    const options = ['--quiet', '--only-binary', ':all:', '--disable-pip-version-check', '--target', staging];
    await run(python, ['-m', 'pip', 'install', ...options, '--requirement', REQUIREMENTS], {
      timeout: INSTALLED_WITHIN_MS,
    });
    await rename(staging, packages);
    return { python, packages };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    return { reason: `pip could not install it: ${lastLine(error)}` };
  }
}

async function findPython(): Promise<string | undefined> {
  for (const python of ['python3', 'python']) {
    const fits = await run(python, ['-c', 'import pip, sys; assert sys.version_info >= (3, 10)']).then(
      () => true,
      () => false,
    );
    if (fits) return python;
  }
  return undefined;
}

async function pythonVersion(python: string): Promise<string> {
  const { stdout } = await run(python, ['-c', 'import sys; print(sys.version_info[:2], sys.platform)']);
  return stdout.trim();
}

function lastLine(error: unknown): string {
  const text = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
