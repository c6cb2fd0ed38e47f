/** What kafkajs hands to its own decoder: the bytes of one record, and what its batch says of all of them. */
type RecordBytes = { readonly buffer: Buffer };
type BatchContext = {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly timestampType: number;
  readonly magicByte: number;
  readonly isControlBatch: boolean;
};
type Decode = (record: RecordBytes, batch: BatchContext) => unknown;

type Headers = Record<string, Buffer | null | (Buffer | null)[]>;

const LOG_APPEND_TIME = 1;
/** A varint of this many bytes is still exact as a number. */
const MAX_VARINT_BYTES = 7;
/** The longest varint of 64 bits. */
const MAX_BYTES = 10;

/**
 * Decodes records of Kafka's format v2 (https://kafka.apache.org/documentation/#record) as kafkajs does: it does its sums of
 * 64 bits in objects of its own, a dozen for each record, which is most of what consuming costs. A record whose offset
 * or time is past what a number can hold goes to `original`. Throws when it is damaged: kafkajs would believe any length and
 * any count, and read on where there is nothing.
 */
export function createRecordDecoder(original: Decode): Decode {
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  let lastBatch: BatchContext | undefined;
  let firstOffset = 0;
  let firstTimestamp = 0;

  return (record, batch) => {
    if (batch !== lastBatch) begin(batch);
    bytes = record.buffer;
    at = 1;
    const timestamp = firstTimestamp + readVarint();
    const offset = firstOffset + readVarint();
    const key = readBytes();
    const value = readBytes();
    const headers = readHeaders();
    if (key === undefined || value === undefined || !headers || at > bytes.length)
      throw new Error('a record is damaged');
    if (!Number.isSafeInteger(timestamp) || !Number.isSafeInteger(offset)) return original(record, batch);
    return {
      magicByte: batch.magicByte,
      attributes: bytes.readInt8(0),
      timestamp: batch.timestampType === LOG_APPEND_TIME && batch.maxTimestamp ? batch.maxTimestamp : String(timestamp),
      offset: String(offset),
      key,
      value,
      headers,
      isControlRecord: batch.isControlBatch,
      batchContext: batch,
    };
  };

  function begin(batch: BatchContext) {
    lastBatch = batch;
    firstOffset = Number(batch.firstOffset);
    firstTimestamp = Number(batch.firstTimestamp);
  }

  /** Zigzag, seven bits a byte; NaN when it is too long to be exact, and past the end there are only zeros. */
  function readVarint(): number {
    let byte = bytes[at++] ?? 0;
    const negative = (byte & 1) === 1;
    let magnitude = (byte & 0x7f) >> 1;
    let scale = 64;
    let read = 1;
    for (; byte > 0x7f && read < MAX_BYTES; read += 1) {
      byte = bytes[at++] ?? 0;
      magnitude += (byte & 0x7f) * scale;
      scale *= 128;
    }
    if (read > MAX_VARINT_BYTES) return Number.NaN;
    return negative ? -magnitude - 1 : magnitude;
  }

  /** Undefined when they are not all there. */
  function readBytes(): Buffer | null | undefined {
    const length = readVarint();
    if (length === -1) return null;
    if (!(length >= 0 && at + length <= bytes.length)) return undefined;
    at += length;
    return bytes.subarray(at - length, at);
  }

  /** Undefined when one is not to be had in this way. */
  function readHeaders(): Headers | undefined {
    const count = readVarint();
    if (count === 0) return {};
    if (!(count > 0 && count <= bytes.length)) return undefined;
    const entries: [string, Buffer | null][] = [];
    for (let read = 0; read < count; read += 1) {
      const name = readBytes();
      const value = readBytes();
      if (!name || value === undefined) return undefined;
      entries.push([name.toString(), value]);
    }
    const headers = Object.fromEntries(entries);
    return Object.keys(headers).length === count ? headers : withLists(entries);
  }
}

/** A name that is repeated has all its values, in their order; it may be `__proto__`. */
function withLists(entries: readonly (readonly [string, Buffer | null])[]): Headers {
  const values = new Map<string, (Buffer | null)[]>();
  for (const [name, value] of entries) {
    const list = values.get(name);
    if (list) list.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries([...values].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? null) : list]));
}
