type HeaderValue = Buffer | string | null | undefined;

/** A record as kafkajs hands it to its own encoder. Ours are plain: bytes, and no timestamp. */
type PlainRecord = {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;
};

/** What kafkajs's other encoders take from one: both are the record's bytes. */
type Encoded = { readonly buf: Buffer; readonly buffer: Buffer };

type Encode = (record: PlainRecord) => unknown;

const SLAB_BYTES = 256 * 1024;
const MAX_VARINT = 5;
const NULL = -1;

/**
 * Encodes records of Kafka's format v2 (https://kafka.apache.org/documentation/#record) one after another into a shared
 * slab: kafkajs's own encoder allocates about ten buffers for each, which is most of what producing costs.
 * Answers the same bytes, and takes null as the value of a header, which kafkajs fails at and other clients write. A record
 * that is not plain goes to `original`.
 */
export function createRecordEncoder(original: Encode): Encode {
  let slab = Buffer.alloc(0);
  let at = 0;

  return (record): Encoded | unknown => {
    const { key, value, offsetDelta, timestampDelta, headers = {} } = record;
    if (timestampDelta !== 0 || !areBytes(key) || !areBytes(value)) return original(record);
    const fields = fieldsOf(headers);
    let length = 2 + sizeOf(offsetDelta) + sizeOfBytes(key) + sizeOfBytes(value) + sizeOf(fields.length / 2);
    for (const field of fields) length += sizeOfField(field);
    reserve(length + MAX_VARINT);
    const start = at;
    writeVarint(length);
    slab[at++] = 0;
    slab[at++] = 0;
    writeVarint(offsetDelta);
    writeBytes(key);
    writeBytes(value);
    writeVarint(fields.length / 2);
    for (const field of fields) {
      if (typeof field === 'string') writeText(field);
      else writeBytes(field ?? null);
    }
    const bytes = slab.subarray(start, at);
    return { buf: bytes, buffer: bytes };
  };

  function reserve(bytes: number) {
    if (slab.length - at >= bytes) return;
    slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes));
    at = 0;
  }

  /** Zigzag, then seven bits a byte. */
  function writeVarint(value: number) {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      slab[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    slab[at++] = rest;
  }

  function writeBytes(bytes: Buffer | null) {
    writeVarint(bytes?.length ?? NULL);
    if (bytes) at += bytes.copy(slab, at);
  }

  function writeText(text: string) {
    writeVarint(Buffer.byteLength(text));
    at += slab.write(text, at);
  }
}

function sizeOf(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5;
}

const areBytes = (bytes: Buffer | string | null): bytes is Buffer | null => bytes === null || Buffer.isBuffer(bytes);
const sizeOfBytes = (bytes: Buffer | null) => sizeOf(bytes?.length ?? NULL) + (bytes?.length ?? 0);

/** Names and values in turn; a name that has several values is repeated. */
function fieldsOf(headers: Exclude<PlainRecord['headers'], undefined>): HeaderValue[] {
  const fields: HeaderValue[] = [];
  for (const name of Object.keys(headers)) {
    const given = headers[name];
    if (isList(given)) for (const value of given) fields.push(name, value);
    else fields.push(name, given);
  }
  return fields;
}

const isList = (given: HeaderValue | readonly HeaderValue[]): given is readonly HeaderValue[] => Array.isArray(given);
const sizeOfField = (field: HeaderValue) =>
  typeof field === 'string' ? sizeOfText(field) : sizeOfBytes(field ?? null);

function sizeOfText(text: string): number {
  const length = Buffer.byteLength(text);
  return sizeOf(length) + length;
}
