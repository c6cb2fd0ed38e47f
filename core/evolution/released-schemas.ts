import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AvroRecordJson, Stream } from '../schema/stream.ts';

/** A version of a stream's schema that was released: records may have been written under it. */
export type Released = { readonly version: number; readonly schema: unknown };

const RELEASED = 'released';
const VERSION_FILE = /^([1-9]\d*)\.avsc$/;

const folderOf = (schemasDir: string, stream: Stream) => join(schemasDir, RELEASED, stream.name);

/** Where a released version lies, below the schemas folder. */
export const releasedPath = (stream: Stream, version: number): string => `${RELEASED}/${stream.name}/${version}.avsc`;

/** The released versions of a stream, oldest first; none when it was never released. */
export async function readReleased(schemasDir: string, stream: Stream): Promise<Released[]> {
  const files = await readdir(folderOf(schemasDir, stream)).catch(() => []);
  const versions = files.flatMap((file) => VERSION_FILE.exec(file)?.[1] ?? []).map(Number);
  return Promise.all(
    versions
      .sort((one, other) => one - other)
      .map(async (version) => {
        const text = await readFile(join(schemasDir, releasedPath(stream, version)), 'utf8');
        return { version, schema: JSON.parse(text) as unknown };
      }),
  );
}

/** Writes the stream's registered schema, constraints and `stream` block left out, as its next released version. */
export async function writeReleased(schemasDir: string, stream: Stream, version: number): Promise<void> {
  await mkdir(folderOf(schemasDir, stream), { recursive: true });
  await writeFile(join(schemasDir, releasedPath(stream, version)), releasedText(stream.avro));
}

const releasedText = (schema: AvroRecordJson) => `${JSON.stringify(schema, null, 2)}\n`;
