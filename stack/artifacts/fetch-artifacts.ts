import type { Artifact } from './artifact-lock.ts';
import { cachedPathOf, fileNameOf, isCached } from './cached-file.ts';
import { download } from './download.ts';
import { showProgress, type Terminal } from './progress.ts';

type FetchOptions = {
  readonly cacheDir: string;
  readonly repository: string | undefined;
  readonly out: Terminal;
};

const PARALLEL = 4;

const megabytes = (bytes: number): string => (Math.max(0, bytes) / 1_000_000).toFixed(1);

/** Runs the work a few at a time; after the first failure nothing new is begun. */
async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = [...all];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await work(next).catch((error: unknown) => {
        queue.length = 0;
        throw error;
      });
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: PARALLEL }, lane));
  const failed = lanes.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Brings every artifact into the cache, fetching only what is missing or damaged, and answers their paths. */
export async function fetchArtifacts(
  artifacts: readonly Artifact[],
  { cacheDir, repository, out }: FetchOptions,
): Promise<string[]> {
  const missing: Artifact[] = [];
  await eachOf(artifacts, async (artifact) => {
    const cached = await isCached(cacheDir, artifact);
    if (cached !== 'yes') missing.push(artifact);
    if (cached === 'corrupt') out.write(`${fileNameOf(artifact)} in the cache is damaged; it is downloaded again.\n`);
  });
  if (missing.length > 0) {
    // Large files first, so that the last lane does not sit on one of them alone.
    missing.sort((a, b) => b.size - a.size);
    const total = missing.reduce((sum, { size }) => sum + size, 0);
    const title = `Downloading ${missing.length} ${missing.length === 1 ? 'file' : 'files'}`;
    const progress = showProgress({ title, total, unit: 'MB', out, show: megabytes });
    try {
      await eachOf(missing, (artifact) =>
        download(artifact, { cacheDir, repository, onBytes: (count) => progress.add(count, fileNameOf(artifact)) }),
      );
    } finally {
      progress.close();
    }
  }
  return artifacts.map((artifact) => cachedPathOf(cacheDir, artifact));
}
