import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from '@millrace/core/problem/problem';
import { z } from 'zod';

/** What a backup holds, beside its files: enough to know that they are whole. */
const manifest = z.object({
  created_at: z.string(),
  streams: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      rows: z.number(),
      sha256: z.string(),
      /** By partition, the offset after the last event: where the topic stood. */
      next_offsets: z.record(z.string(), z.number()),
    }),
  ),
});

export type Manifest = z.output<typeof manifest>;
export const MANIFEST_FILE = 'manifest.json';

/** Throws `invalid-config` with one line when the folder holds no backup, or one that is not as it was written. */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(join(dir, MANIFEST_FILE), 'utf8').catch((cause: unknown) => {
    throw new Problem('invalid-config', `${dir} holds no backup: there is no ${MANIFEST_FILE}`, { cause });
  });
  const found = manifest.parse(JSON.parse(text));
  for (const { file, sha256 } of found.streams)
    if ((await hashOf(join(dir, file))) !== sha256)
      throw new Problem('invalid-config', `${join(dir, file)} is not the file that was backed up: its SHA-256 differs`);
  return found;
}

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
