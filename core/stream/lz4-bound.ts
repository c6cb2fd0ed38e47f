const MAGIC = 0x184d2204;
const HAS_BLOCK_CHECKSUMS = 0x10;
const HAS_CONTENT_SIZE = 0x08;
const HAS_CONTENT_CHECKSUM = 0x04;
const HAS_DICTIONARY = 0x01;
const IS_STORED = 0x8000_0000;
const CHECKSUM_BYTES = 4;

/**
 * The most that an LZ4 frame can become, but for its last block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md):
 * its blocks times the largest block that it allows, or the size that it claims. Decoders expand everything before they say
 * how much it was.
 */
export function lz4Bound(bytes: Buffer): number {
  try {
    let bound = 0;
    for (let at = 0; at < bytes.length || at === 0; ) {
      const frame = readFrame(bytes, at);
      bound += frame.bound;
      at = frame.end;
    }
    return bound;
  } catch (cause) {
    throw new Error('an LZ4 frame is damaged', { cause });
  }
}

function readFrame(bytes: Buffer, start: number): { readonly bound: number; readonly end: number } {
  if (bytes.readUInt32LE(start) !== MAGIC) throw new Error('it does not begin as a frame does');
  const flags = bytes.readUInt8(start + 4);
  const maxBlock = 2 ** (8 + 2 * ((bytes.readUInt8(start + 5) >> 4) & 7));
  let at = start + 6;
  const claimed = flags & HAS_CONTENT_SIZE ? Number(bytes.readBigUInt64LE(at)) : 0;
  at += (flags & HAS_CONTENT_SIZE ? 8 : 0) + (flags & HAS_DICTIONARY ? 4 : 0) + 1;
  let blocks = 0;
  for (;;) {
    const size = bytes.readUInt32LE(at);
    at += 4;
    if (size === 0) break;
    at += (size & ~IS_STORED) + (flags & HAS_BLOCK_CHECKSUMS ? CHECKSUM_BYTES : 0);
    blocks += 1;
  }
  const end = at + (flags & HAS_CONTENT_CHECKSUM ? CHECKSUM_BYTES : 0);
  if (end > bytes.length) throw new Error('it is cut short');
  return { bound: Math.max(claimed, Math.max(0, blocks - 1) * maxBlock), end };
}
