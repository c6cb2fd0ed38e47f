import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import * as tar from 'tar';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { downloadFailure } from './download-failure.ts';

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/** Writes every file of a zip, keeping its permission bits. yauzl refuses names that lead out of the folder. */
export async function unzip(archive: string, dir: string): Promise<void> {
  const zip = await openZip(archive, { lazyEntries: true, autoClose: true });
  const openEntry = promisify(
    zip.openReadStream.bind(zip) as (
      entry: Entry,
      done: (error: Error | null, stream: NodeJS.ReadableStream) => void,
    ) => void,
  );
  await new Promise<void>((resolve, reject) => {
    const write = async (entry: Entry): Promise<void> => {
      const path = join(dir, normalize(entry.fileName));
      if (entry.fileName.endsWith('/')) await mkdir(path, { recursive: true });
      else {
        await mkdir(dirname(path), { recursive: true });
        const mode = (entry.externalFileAttributes >>> 16) & 0o777;
        await pipeline(await openEntry(entry), createWriteStream(path, mode ? { mode } : {}));
      }
      zip.readEntry();
    };
    zip.on('entry', (entry: Entry) => void write(entry).catch(reject));
    zip.once('error', reject).once('end', resolve);
    zip.readEntry();
  });
}

async function sizesIn(dir: string): Promise<Record<string, number>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.sort().map(async (file) => [relative(dir, file), (await stat(file)).size]));
  return Object.fromEntries(sizes);
}

const MANIFEST = 'millrace-unpacked.json';

/** Whether the folder was unpacked to its end and every file still has its size. */
export async function isUnpacked(dir: string): Promise<boolean> {
  const manifest = await readFile(join(dir, MANIFEST), 'utf8').catch(() => undefined);
  if (manifest === undefined) return false;
  const { [MANIFEST]: _itself, ...sizes } = await sizesIn(dir);
  return JSON.stringify(sizes) === manifest;
}

/** Unpacks a .jar, .zip, .whl or .tar.gz into a folder that appears only once it is whole. */
export async function unpack(archive: string, dir: string): Promise<void> {
  const temporary = `${dir}.${randomUUID()}.part`;
  try {
    await mkdir(temporary, { recursive: true });
    if (archive.endsWith('.tar.gz')) await tar.extract({ file: archive, cwd: temporary });
    else await unzip(archive, temporary);
    await writeFile(join(temporary, MANIFEST), JSON.stringify(await sizesIn(temporary)));
    await rm(dir, { recursive: true, force: true });
    await rename(temporary, dir).catch(async (error: unknown) => {
      if (!(await isUnpacked(dir))) throw error; // Another stack unpacked the same archive meanwhile.
    });
  } catch (error) {
    throw downloadFailure(relative(dirname(dir), dir), dirname(dir), error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
