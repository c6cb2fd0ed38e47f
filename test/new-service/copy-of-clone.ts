import { cp, mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';

const LEFT_OUT = /^(node_modules|dist|\.git|\.data|\.turbo|\.env)$/;

/** The clone's sources in a folder of their own, with its installed packages by links. Our own packages are those of the copy. */
export async function copyOfClone(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'millrace-clone-'));
  await cp(rootDir, copy, {
    recursive: true,
    filter: (path) => path === rootDir || !LEFT_OUT.test(basename(relative(rootDir, path))),
  });
  const installed = join(rootDir, 'node_modules');
  const ours = join(copy, 'node_modules');
  await mkdir(join(ours, '@millrace'), { recursive: true });
  for (const name of await readdir(installed))
    if (name !== '@millrace' && name !== '.cache') await symlink(join(installed, name), join(ours, name));
  for (const name of await readdir(join(installed, '@millrace'))) await linkPackage(copy, name);
  return copy;
}

/** What `npm install` does for a folder with a package.json. */
export const linkPackage = (copy: string, name: string): Promise<void> =>
  symlink(join(copy, name), join(copy, 'node_modules', '@millrace', name));
