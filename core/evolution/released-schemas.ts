import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../problem/problem.ts';
import { readStream } from '../schema/parse-stream.ts';
import { SchemaFault } from '../schema/schema-fault.ts';
import type { Stream } from '../schema/stream.ts';
import type { EarlierSchema } from './incompatibility.ts';

/** A version of a stream that was released: records may have been written under it. */
export type Released = Required<EarlierSchema> & { readonly version: number };

const RELEASED = 'released';
const VERSION_FILE = /^([1-9]\d*)\.avsc$/;

const folderOf = (schemasDir: string, stream: Stream) => join(schemasDir, RELEASED, stream.name);

/** Where a released version lies, below the schemas folder. */
export const releasedPath = (stream: Stream, version: number): string => `${RELEASED}/${stream.name}/${version}.avsc`;

/**
 * The released versions of a stream, oldest first; none when it was never released.
 * Throws `invalid-schema` for one that is no schema file any more.
 */
export async function readReleased(schemasDir: string, stream: Stream): Promise<Released[]> {
  const files = await readdir(folderOf(schemasDir, stream)).catch(() => []);
  const versions = files.flatMap((file) => VERSION_FILE.exec(file)?.[1] ?? []).map(Number);
  return Promise.all(
    versions
      .sort((one, other) => one - other)
      .map(async (version) => {
        const name = releasedPath(stream, version);
        const released = parseReleased(stream, name, await readFile(join(schemasDir, name), 'utf8'));
        return { version, name, schema: released.avro, stream: released };
      }),
  );
}

/** Keeps the stream's file as it is now, with constraints and `stream` block, as its next released version. */
export async function writeReleased(schemasDir: string, stream: Stream, version: number): Promise<void> {
  const text = await readFile(join(schemasDir, stream.file), 'utf8');
  await mkdir(folderOf(schemasDir, stream), { recursive: true });
  await writeFile(join(schemasDir, releasedPath(stream, version)), text);
}

/** The file's name gives a stream its name, so an earlier version is read under that of the present one. */
function parseReleased({ file }: Stream, path: string, text: string): Stream {
  try {
    return readStream(file, text);
  } catch (error) {
    if (error instanceof SchemaFault) throw new Problem('invalid-schema', `${path}: ${error.message}`);
    throw error;
  }
}
