import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { z } from 'zod';

/** Every file the stack downloads: written by `npm run -w stack lock-artifacts`, never by hand. */
export const lockFile = join(rootDir, 'stack', 'artifacts', 'artifacts.lock.json');

const artifact = z.object({
  /** `group:artifact:version[:extension[:classifier]]` */
  coordinates: z.string().regex(/^[^:]+:[^:]+:[^:]+(:[^:]+){0,2}$/),
  sha256: z.string().length(64),
  /** Bytes. */
  size: z.number().int().positive(),
});

export type Artifact = z.output<typeof artifact>;
export type ArtifactLock = Readonly<Record<string, readonly Artifact[]>>;

const artifactLock = z.record(z.string(), z.array(artifact).min(1));

/** The pinned artifacts by set, e.g. `kafka`, `registry`, `mariadb-linux-x64`. */
export const readArtifactLock = async (): Promise<ArtifactLock> =>
  artifactLock.parse(JSON.parse(await readFile(lockFile, 'utf8')));
