import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Artifact } from './artifact-lock.ts';

/** The name Maven gives the file: `artifact-version[-classifier].extension`. */
export function fileNameOf({ coordinates }: Artifact): string {
  const [, artifact, version, extension = 'jar', classifier] = coordinates.split(':');
  return `${artifact}-${version}${classifier ? `-${classifier}` : ''}.${extension}`;
}

export const cachedPathOf = (cacheDir: string, artifact: Artifact): string =>
  join(cacheDir, 'files', artifact.sha256.slice(0, 16), fileNameOf(artifact));

/** Whether the cache holds the file, byte for byte what the lock says. Reads all of it, so damage is never used. */
export async function isCached(cacheDir: string, artifact: Artifact): Promise<'yes' | 'no' | 'corrupt'> {
  const path = cachedPathOf(cacheDir, artifact);
  const found = await stat(path).catch(() => undefined);
  if (!found) return 'no';
  if (found.size !== artifact.size) return 'corrupt';
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === artifact.sha256 ? 'yes' : 'corrupt';
}
