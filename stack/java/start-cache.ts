import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf } from '../supervisor/process-identity.ts';
import type { Java } from './find-java.ts';

/** The first Java that writes its cache of loaded classes by one flag. */
const FIRST_WITH_CACHE = 25;

/** Java warns at length about what in a cache it cannot use, and continues without it. */
const quiet = ['-Xlog:disable', '-Xlog:all=error'];

export type StartCache = {
  /** What to pass to `java`. */
  readonly flags: readonly string[];
  /** Keeps what the process wrote as it ended. Only for one that was not killed: half a cache must not be kept. */
  keep(): Promise<void>;
};

/** What processes left that were killed while they wrote. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const pid = /\.(\d+)\.part(\.config)?$/.exec(name)?.[1];
    if (pid && !(await identityOf(Number(pid)))) await rm(join(dir, name), { force: true });
  }
}

/**
 * Java's ahead-of-time cache halves later starts. The first process that ends well leaves one behind; it is named for
 * the Java build and everything on the classpath, and Java itself ignores one that does not fit.
 */
export async function startCache(
  { java, cacheDir, train }: { readonly java: Java; readonly cacheDir: string; readonly train: boolean },
  name: string,
  classpath: readonly string[],
): Promise<StartCache> {
  const none: StartCache = { flags: [], keep: async () => {} };
  if (java.major < FIRST_WITH_CACHE) return none;

  const key = createHash('sha256')
    .update([java.path, java.build, ...classpath].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const path = join(cacheDir, 'start', `${name}-${key}.aot`);
  if (existsSync(path)) return { flags: [`-XX:AOTCache=${path}`, ...quiet], keep: none.keep };
  if (!train) return none;

  await mkdir(join(cacheDir, 'start'), { recursive: true });
  await removeLeftovers(join(cacheDir, 'start'));
  const written = `${path}.${process.pid}.part`;
  return {
    flags: [`-XX:AOTCacheOutput=${written}`, ...quiet],
    async keep() {
      await rename(written, path).catch(() => {});
      await rm(`${written}.config`, { force: true });
    },
  };
}
