import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPrecious } from '../settings/private-folder.ts';
import { StackError } from '../stack-error.ts';
import { down } from './down.ts';
import type { StackCli } from './stack-cli.ts';

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return found?.size ?? 0;
  const inside = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    inside
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Stops everything and removes DATA_DIR, having said what goes. Only a folder that the stack has filled is removed. */
export async function clean(cli: StackCli): Promise<void> {
  const { dataDir } = cli.settings;
  if (!existsSync(dataDir)) {
    cli.out.write(`There is nothing to remove: ${dataDir} does not exist.\n`);
    return;
  }
  if (isPrecious(dataDir) || !existsSync(join(dataDir, 'stack.json'))) {
    throw new StackError(`${dataDir} was not filled by make up; it is not removed.`);
  }
  await down(cli);
  for (const name of await readdir(dataDir)) {
    const megabytes = ((await sizeOf(join(dataDir, name))) / 1_000_000).toFixed(1);
    cli.out.write(`  removing ${join(dataDir, name)} (${megabytes} MB)\n`);
  }
  await rm(dataDir, { recursive: true, force: true });
  cli.out.write(`Removed ${dataDir}. Downloads stay in ${cli.settings.cacheDir}.\n`);
}
