import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

type Places = {
  /** Where the server is unpacked. */
  readonly home: string;
  /** This part's own folder. */
  readonly dir: string;
};

/** The options of every kind of MySQL server for its folders, and how its data folder is created. */
export function databaseFolder({ home, dir }: Places) {
  const dataDir = join(dir, 'data');
  const argsFor = (folder: string): readonly string[] => [
    '--no-defaults',
    `--basedir=${home}`,
    `--datadir=${folder}`,
    `--lc-messages-dir=${join(home, 'share')}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];

  return {
    args: argsFor(dataDir),
    /** Does nothing when it is there. It is made beside and renamed, so that an interrupted start is simply done again. */
    async make(fill: (args: readonly string[]) => Promise<unknown>): Promise<void> {
      if (existsSync(dataDir)) return;
      const temporary = `${dataDir}.part`;
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      await fill(argsFor(temporary));
      await rename(temporary, dataDir);
    },
  };
}
