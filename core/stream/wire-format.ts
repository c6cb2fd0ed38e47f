import type { AvscType } from '../schema/avsc-type.ts';
import type { Value } from '../schema/from-json.ts';

/** Confluent's wire format: a zero byte, the schema id as four big-endian bytes, then the Avro body. */
const MAGIC = 0;
export const HEADER_BYTES = 5;
const SLAB_BYTES = 256 * 1024;
const GUESS_BYTES = 1024;

export type Encode = (value: Value) => Buffer;

/** Encodes values one after another into a shared slab, so that a record costs no buffer of its own. */
export function createEncoder(type: AvscType, schemaId: number): Encode {
  let slab = Buffer.allocUnsafe(0);
  let position = 0;
  return function encode(value) {
    if (slab.length - position < GUESS_BYTES) startSlab(SLAB_BYTES);
    const end = type.encode(value, slab, position + HEADER_BYTES);
    if (end < 0) {
      startSlab(Math.max(SLAB_BYTES, HEADER_BYTES + slab.length - end));
      return encode(value);
    }
    slab[position] = MAGIC;
    slab.writeUInt32BE(schemaId, position + 1);
    const bytes = slab.subarray(position, end);
    position = end;
    return bytes;
  };

  function startSlab(bytes: number) {
    slab = Buffer.allocUnsafeSlow(bytes);
    position = 0;
  }
}

/** The schema id of a record's value; undefined when it is not in the wire format. */
export function schemaIdOf(value: Buffer): number | undefined {
  return value.length >= HEADER_BYTES && value[0] === MAGIC ? value.readUInt32BE(1) : undefined;
}
