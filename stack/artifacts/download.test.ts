import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Artifact } from './artifact-lock.ts';
import { cachedPathOf, isCached } from './cached-file.ts';
import { download } from './download.ts';

const content = Buffer.from('what is pinned');
const artifact: Artifact = {
  coordinates: 'org.example:thing:1.2:tar.gz:all',
  sha256: createHash('sha256').update(content).digest('hex'),
  size: content.length,
};

async function serve(status: number, body: Buffer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { repository: `http://127.0.0.1:${port}/maven`, asked };
}

async function emptyCache(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-download-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('download', () => {
  it('asks for the address that the coordinates stand for and keeps the file', async () => {
    const [cacheDir, { repository, asked }] = [await emptyCache(), await serve(200, content)];
    let bytes = 0;

    await download(artifact, { cacheDir, repository, onBytes: (count) => (bytes += count) });

    expect(asked).toEqual(['/maven/org/example/thing/1.2/thing-1.2-all.tar.gz']);
    expect(await readFile(cachedPathOf(cacheDir, artifact))).toEqual(content);
    expect(await isCached(cacheDir, artifact)).toBe('yes');
    expect(bytes).toBe(content.length);
  });

  it('refuses other bytes than the pinned ones in one line, and keeps nothing', async () => {
    const [cacheDir, { repository, asked }] = [await emptyCache(), await serve(200, Buffer.from('something else'))];
    let bytes = 0;

    const failure = download(artifact, { cacheDir, repository, onBytes: (count) => (bytes += count) });

    await expect(failure).rejects.toThrow(
      /^thing-1\.2-all\.tar\.gz could not be downloaded: what arrived is not what is pinned .*$/,
    );
    expect(asked).toHaveLength(3);
    expect(await filesIn(cacheDir)).toEqual([]);
    expect(bytes).toBe(0);
  });

  it('says what the repository answered', async () => {
    const [cacheDir, { repository }] = [await emptyCache(), await serve(404, Buffer.alloc(0))];

    const failure = download(artifact, { cacheDir, repository, onBytes: () => {} });

    await expect(failure).rejects.toThrow('the repository answered 404 Not Found. Run the same command again');
  });
});
