import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateFolder } from './private-folder.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-private-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('privateFolder', () => {
  it('makes a folder for its owner alone, and again does nothing', async () => {
    const dir = join(await folder(), 'a', 'data');

    await privateFolder(dir);
    await privateFolder(dir);

    expect(await modeOf(dir)).toBe('700');
  });

  it('closes what an earlier version left open to others', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'mariadb', 'data'), { recursive: true });
    await writeFile(join(dir, 'mariadb', 'data', 'ibdata1'), '');
    await writeFile(join(dir, 'mariadb', 'run'), '');
    await chmod(join(dir, 'mariadb', 'run'), 0o755);
    await chmod(dir, 0o755);

    await privateFolder(dir);

    const modes = await Promise.all(
      ['', 'mariadb/data', 'mariadb/data/ibdata1', 'mariadb/run'].map((name) => modeOf(join(dir, name))),
    );
    expect(modes).toEqual(['700', '700', '600', '700']);
  });

  it('leaves a folder alone that holds other things, which make clean would remove', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'thesis.txt'), 'three years');
    await chmod(dir, 0o755);

    await expect(privateFolder(dir)).rejects.toThrow(`DATA_DIR ${dir} holds other things`);

    expect(await readdir(dir)).toEqual(['thesis.txt']);
    expect(await modeOf(dir)).toBe('755');
  });

  it.each(['/', homedir(), rootDir])('refuses %s', async (dir) => {
    await expect(privateFolder(dir)).rejects.toThrow(`DATA_DIR ${dir} holds other things`);
  });

  it('says in a line why a folder cannot be made', async () => {
    await expect(privateFolder('/dev/null/data')).rejects.toThrow(/^DATA_DIR \/dev\/null\/data cannot be used: .*$/);
  });
});
