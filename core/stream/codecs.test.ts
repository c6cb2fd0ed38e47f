import zlib from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import { compressSync } from 'snappy';
import { describe, expect, it } from 'vitest';
import { createDecompressors, portableZstd } from './codecs.ts';

const MAX_BYTES = 1_000_000;
const decompress = createDecompressors(MAX_BYTES);
const text = Buffer.from(Array.from({ length: 20_000 }, (_, n) => `record ${n % 977} `).join(''));
const bomb = Buffer.alloc(MAX_BYTES + 1);

/** As Java's producer frames its blocks. */
function xerial(bytes: Buffer, blockBytes = 32_768): Buffer {
  const parts: Buffer[] = [Buffer.from('82534e41505059000000000100000001', 'hex')];
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = compressSync(bytes.subarray(at, at + blockBytes));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

/** A zstd frame of stored blocks and, at its end, one byte repeated: enough for a reader without a writer. */
function zstd(bytes: Buffer, repeatedBytes = 0): Buffer {
  const window = 0x58; // 2 MiB
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, window])];
  const block = (type: number, size: number, isLast: boolean) => {
    const header = Buffer.alloc(3);
    header.writeUIntLE((size << 3) | (type << 1) | Number(isLast), 0, 3);
    return header;
  };
  for (let at = 0; at < bytes.length; at += 100_000) {
    const content = bytes.subarray(at, at + 100_000);
    parts.push(block(0, content.length, false), content);
  }
  for (let left = repeatedBytes; left > 0; left -= 128 * 1024)
    parts.push(block(1, Math.min(left, 128 * 1024), false), Buffer.from([0]));
  return Buffer.concat([...parts, block(0, 0, true)]);
}

describe('createDecompressors', () => {
  it.each([
    ['gzip', zlib.gzipSync],
    ['snappy', (bytes: Buffer) => compressSync(bytes)],
    ['snappy', (bytes: Buffer) => xerial(bytes)],
    ['lz4', (bytes: Buffer) => compressFrameSync(bytes)],
    ['zstd', (bytes: Buffer) => zstd(bytes)],
  ] as const)('reads what was written as %s', async (codec, compress) => {
    for (const bytes of [text, Buffer.from('x'), Buffer.alloc(MAX_BYTES, 7)])
      expect((await decompress[codec](compress(bytes))).equals(bytes)).toBe(true);
  });

  it('reads nothing as nothing', async () => {
    expect(await decompress.snappy(compressSync(Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
    expect(await decompress.snappy(xerial(Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
    expect(await decompress.lz4(compressFrameSync(Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  it.each([
    ['gzip', zlib.gzipSync(bomb)],
    ['snappy', compressSync(bomb)],
    ['snappy', xerial(bomb)],
    ['lz4', compressFrameSync(Buffer.alloc(MAX_BYTES * 6))],
    ['zstd', zstd(Buffer.alloc(0), MAX_BYTES * 100)],
  ] as const)('refuses %s that grows past the bound', async (codec, bytes) => {
    await expect(decompress[codec](bytes)).rejects.toThrow('grows past 1000000 bytes');
  });

  it.each([
    ['snappy', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00])],
    [
      'lz4',
      Buffer.concat([Buffer.from('04224d186840', 'hex'), Buffer.from('ffffffffffffff0f00', 'hex'), Buffer.alloc(4)]),
    ],
  ] as const)('believes no length that %s claims past the bound', async (codec, bytes) => {
    await expect(decompress[codec](bytes)).rejects.toThrow('grows past');
  });

  it.each([
    ['gzip', zlib.gzipSync(text)],
    ['snappy', compressSync(text)],
    ['snappy', xerial(text)],
    ['lz4', compressFrameSync(text)],
    ['zstd', zstd(text)],
  ] as const)('refuses %s that is cut short or damaged', async (codec, bytes) => {
    for (const length of [0, 1, 7, 20, bytes.length - 1])
      await expect(decompress[codec](bytes.subarray(0, length))).rejects.toThrow();
    await expect(decompress[codec](Buffer.from('this is none of it, whatever it claims to be'))).rejects.toThrow();
  });
});

describe('portableZstd', () => {
  it('reads frames without a length, as Kafka writes them', () => {
    expect(portableZstd(zstd(text), MAX_BYTES).equals(text)).toBe(true);
  });

  it('stops at the bound', () => {
    expect(() => portableZstd(zstd(text, MAX_BYTES * 100), MAX_BYTES)).toThrow('grows past');
  });
});
