import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { StackError } from '../stack-error.ts';
import type { Artifact } from './artifact-lock.ts';
import { cachedPathOf, fileNameOf } from './cached-file.ts';
import { downloadFailure } from './download-failure.ts';

export type DownloadOptions = {
  readonly cacheDir: string;
  /** The base address of a mirror; undefined means the one mvn-artifact-url knows. */
  readonly repository: string | undefined;
  /** Called with the bytes that arrived; negative when an attempt starts over. */
  readonly onBytes: (count: number) => void;
};

/** By `require`, because bundlers and Node disagree on what a CommonJS default export is. */
const { default: mvnArtifactUrl }: typeof import('mvn-artifact-url') = createRequire(import.meta.url)(
  'mvn-artifact-url',
);

const ATTEMPTS = 3;
const dispatcher = new EnvHttpProxyAgent({ connectTimeout: 10_000, bodyTimeout: 30_000, headersTimeout: 30_000 });

function addressOf({ coordinates }: Artifact, repository: string | undefined): Promise<string> {
  const [groupId = '', artifactId = '', version = '', extension = 'jar', classifier] = coordinates.split(':');
  const artifact = { groupId, artifactId, version, extension, ...(classifier && { classifier }) };
  return mvnArtifactUrl(artifact, repository?.replace(/\/*$/, '/'));
}

/** One attempt: the file appears under its own name only when every byte has been checked. */
async function attempt(artifact: Artifact, { cacheDir, repository, onBytes }: DownloadOptions): Promise<void> {
  const path = cachedPathOf(cacheDir, artifact);
  const temporary = `${path}.${randomUUID()}.part`;
  const response = await fetch(await addressOf(artifact, repository), { dispatcher });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`the repository answered ${response.status} ${response.statusText}`);
  }

  const hash = createHash('sha256');
  let received = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.fromWeb(response.body), check, createWriteStream(temporary));
    const found = hash.digest('hex');
    if (found !== artifact.sha256) {
      throw new Error(
        `what arrived is not what is pinned (SHA-256 ${found.slice(0, 12)}…, expected ${artifact.sha256.slice(0, 12)}…)`,
      );
    }
    await rename(temporary, path);
  } catch (error) {
    onBytes(-received);
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Fetches one artifact into the cache, checked while it streams. Throws one line a person can act on. */
export async function download(artifact: Artifact, options: DownloadOptions): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(artifact, options);
    } catch (error) {
      const failure = downloadFailure(fileNameOf(artifact), options.cacheDir, error);
      const isPermanent = failure.cause === undefined || error instanceof StackError;
      if (isPermanent || tried === ATTEMPTS) throw failure;
      await delay(500 * tried);
    }
  }
}
