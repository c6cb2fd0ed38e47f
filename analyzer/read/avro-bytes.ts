/** How far the bytes of one Avro record are read. */
export type AvroBytes = { bytes: Uint8Array; at: number };

/** From here on avsc has its own limits, and is left to judge. */
const LARGE = 2 ** 52;

/** An int or a long: a zigzag varint. NaN when it is that large; past the end of the bytes there are only zeros. */
export function readLong(source: AvroBytes): number {
  const { bytes } = source;
  let byte = bytes[source.at] ?? 0;
  source.at += 1;
  const negative = (byte & 1) === 1;
  let magnitude = (byte & 0x7f) >> 1;
  for (let scale = 64; byte > 0x7f; scale *= 128) {
    byte = bytes[source.at] ?? 0;
    source.at += 1;
    magnitude += (byte & 0x7f) * scale;
  }
  if (magnitude >= LARGE) return Number.NaN;
  return negative ? -magnitude - 1 : magnitude;
}

/** Moves past N bytes; answers where they begin, or -1 when they are not all there. */
export function skipBytes(source: AvroBytes, length: number): number {
  const start = source.at;
  if (!(length >= 0 && start + length <= source.bytes.length)) return -1;
  source.at = start + length;
  return start;
}
