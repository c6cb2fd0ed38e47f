import { messageOf } from '../problem/message-of.ts';
import { type AvscType, avscType, compileDecoder } from '../schema/avsc-type.ts';
import type { Value } from '../schema/from-json.ts';
import type { Stream } from '../schema/stream.ts';
import type { Registry } from './open-registry.ts';
import { HEADER_BYTES, schemaIdOf } from './wire-format.ts';

export type Decoded = { readonly value: Value } | { readonly fault: string };

/** Decodes a batch's values, also those of earlier versions, to the stream's own schema. Keeps order and length. */
export type DecodeBatch = (values: readonly (Buffer | null)[]) => Promise<Decoded[]>;

type Decode = ((bytes: Buffer) => Value) | { readonly fault: string };

/**
 * A record that can't be decoded is an outcome with the reason, not an error: its neighbours are decoded.
 * Throws a retriable `Problem` (`registry-unavailable`) only when the registry can't be asked about an unknown id.
 */
export function createDecoder(registry: Registry, stream: Stream): DecodeBatch {
  const reader = avscType(stream.avro);
  const decoders = new Map<number, Decode>();

  return async (values) => {
    for (const value of values) {
      const id = value && schemaIdOf(value);
      if (typeof id === 'number' && !decoders.has(id)) decoders.set(id, await decoderFor(id));
    }
    return values.map(decodeOne);
  };

  function decodeOne(value: Buffer | null): Decoded {
    if (value === null) return { fault: 'the record has no value' };
    const id = schemaIdOf(value);
    if (id === undefined) return { fault: "the value is not Avro in the registry's wire format" };
    const decode = decoders.get(id);
    if (typeof decode !== 'function') return decode ?? { fault: `schema id ${id} is not known` };
    try {
      return { value: decode(value.subarray(HEADER_BYTES)) };
    } catch (error) {
      return { fault: `the value does not decode under schema id ${id}: ${reasonOf(error)}` };
    }
  }

  async function decoderFor(id: number): Promise<Decode> {
    const writer = await registry.writerType(id);
    if (!writer) return { fault: `schema id ${id} is not an Avro schema in the registry` };
    return compile(reader, writer, id);
  }
}

function compile(reader: AvscType, writer: AvscType, id: number): Decode {
  try {
    return compileDecoder(reader, reader.equals(writer) ? reader : writer);
  } catch (error) {
    return { fault: `schema id ${id} does not resolve to the stream's schema: ${messageOf(error)}` };
  }
}

/** avsc names the fault of the bytes, except when it reads past their end. */
const reasonOf = (error: unknown) =>
  error instanceof TypeError || error instanceof RangeError ? 'its bytes are no such record' : messageOf(error);
