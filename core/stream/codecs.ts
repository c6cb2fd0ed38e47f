import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { decompressFrame } from 'lz4-napi';
import { uncompress } from 'snappy';
import { lz4Bound } from './lz4-bound.ts';
import { snappyBlocks, snappyLength } from './snappy-blocks.ts';

/** Reads the records of a batch as a producer has compressed them. Rejects records that are damaged, or larger than the bound. */
export type Decompressor = (bytes: Buffer) => Promise<Buffer>;

/**
 * The most that a batch may grow to. 200 MB of zeros are 6 kB of zstd, which any producer may write: without a bound, one
 * such batch would end the process.
 */
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

const unzip = promisify(zlib.unzip);

/** Kafka's codecs by name, each with a bound on what it answers. */
export function createDecompressors(maxBytes = MAX_BATCH_BYTES): Readonly<Record<Codec, Decompressor>> {
  return {
    gzip: (bytes) => unzip(bytes, { maxOutputLength: maxBytes }).catch(rethrowTooLarge),
    async snappy(bytes) {
      const blocks = snappyBlocks(bytes);
      refuseMoreThan(maxBytes, sum(blocks.map(snappyLength)));
      const answers = await Promise.all(blocks.map((block) => uncompress(block, { asBuffer: true })));
      const parts = answers.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
      const [only] = parts;
      return only && parts.length === 1 ? only : Buffer.concat(parts);
    },
    async lz4(bytes) {
      refuseMoreThan(maxBytes, lz4Bound(bytes));
      return decompressFrame(bytes);
    },
    zstd: (bytes) => unzstd(bytes, maxBytes).catch(rethrowTooLarge),
  };

  function rethrowTooLarge(error: unknown): never {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new Error(tooLarge(maxBytes), { cause: error });
    throw error;
  }
}

export type Codec = 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** Node has it since 22.15, and its types since later. Node 22's answers with what there is of a frame that was cut short. */
const native: unknown = refusesCutFrames() ? Reflect.get(zlib, 'zstdDecompress') : undefined;

function refusesCutFrames(): boolean {
  const decompress: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  try {
    if (typeof decompress === 'function') decompress(Buffer.alloc(0));
    return false;
  } catch {
    return true;
  }
}

async function unzstd(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  if (typeof native !== 'function') return portableZstd(bytes, maxOutputLength);
  return new Promise((resolve, reject) =>
    native(bytes, { maxOutputLength }, (error: Error | null, result: Buffer) =>
      error ? reject(error) : resolve(result),
    ),
  );
}

/** For Node 20, which has no zstd, and for Node 22: chunk by chunk, so that it can stop at the bound. */
export function portableZstd(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length === 0) throw new Error('it is empty');
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((part) => {
    length += part.length;
    refuseMoreThan(maxBytes, length);
    parts.push(part);
  });
  for (let at = 0; at < bytes.length; at += ZSTD_INPUT_BYTES) {
    const end = at + ZSTD_INPUT_BYTES;
    stream.push(bytes.subarray(at, end), end >= bytes.length);
  }
  return Buffer.concat(parts);
}

/** The size of one push: it decodes all blocks that it completes, so a small one bounds a decompression bomb. */
const ZSTD_INPUT_BYTES = 4096;

const tooLarge = (maxBytes: number) => `it grows past ${maxBytes} bytes`;

function refuseMoreThan(maxBytes: number, bytes: number): void {
  if (bytes > maxBytes) throw new Error(tooLarge(maxBytes));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
