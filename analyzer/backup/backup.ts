import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { hashOf, MANIFEST_FILE, type Manifest } from './manifest.ts';

type BackupOptions = {
  /** A running analyzer. */
  readonly url: string;
  readonly streams: readonly Stream[];
  readonly dir: string;
  /** What is sent with a request; asked for each, as a token ends. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
  readonly say: (line: string) => void;
};

/** Writes every stream's history into a folder, as Parquet with a manifest that is written last. */
export async function backup({ url, streams, dir, headers = noHeaders, say }: BackupOptions): Promise<Manifest> {
  await mkdir(dir, { recursive: true });
  const written: Manifest['streams'][number][] = [];
  for (const { name } of streams) {
    const file = `${name}.parquet`;
    await download(`${url}/export/${file}`, await headers(), join(dir, file));
    const { rows, nextOffsets } = await contentOf(join(dir, file));
    written.push({ name, file, rows, sha256: await hashOf(join(dir, file)), next_offsets: nextOffsets });
    say(`${name}: ${rows} events`);
  }
  const manifest = { created_at: new Date().toISOString(), streams: written };
  await writeFile(join(dir, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

const noHeaders = async () => ({});

async function download(url: string, headers: Readonly<Record<string, string>>, file: string): Promise<void> {
  const response = await fetch(url, { headers }).catch((cause: unknown) => {
    throw new Problem('not-ready', `no analyzer answers at ${url}`, { cause });
  });
  if (!response.ok || !response.body) throw new Problem('not-ready', `${url} answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}

async function contentOf(file: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT position_partition, count(*), max(position_offset) + 1 FROM read_parquet($file) GROUP BY ALL ORDER BY ALL`,
    { file },
  );
  const partitions = reader.getRows();
  connection.closeSync();
  instance.closeSync();
  return {
    rows: partitions.reduce((sum, [, count]) => sum + Number(count), 0),
    nextOffsets: Object.fromEntries(partitions.map(([partition, , next]) => [String(partition), Number(next)])),
  };
}
