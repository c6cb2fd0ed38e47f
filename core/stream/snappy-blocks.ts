/** What Java's producer writes before its blocks: https://github.com/xerial/snappy-java, `SnappyOutputStream`. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;
const LENGTH_BYTES = 4;
const MAX_LENGTH_VARINT = 5;

/** The raw snappy blocks of a batch: many under Java's framing, and one without any, as librdkafka writes it. */
export function snappyBlocks(bytes: Buffer): Buffer[] {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return [bytes];
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const start = at + LENGTH_BYTES;
    const end = start <= bytes.length ? start + bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw new Error('a snappy block is cut short');
    blocks.push(bytes.subarray(start, end));
    at = end;
  }
  return blocks;
}

/** The decompressed length of a raw block, from its first bytes. */
export function snappyLength(block: Buffer): number {
  let length = 0;
  for (let at = 0; at < MAX_LENGTH_VARINT; at += 1) {
    const byte = block[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return length;
  }
  throw new Error('a snappy block has no length');
}
