import avro from 'avsc';
import { messageOf } from '../problem/message-of.ts';
import { boundCollections } from './bound-collections.ts';
import type { Value } from './from-json.ts';
import { SchemaFault } from './schema-fault.ts';
import type { AvroRecordJson } from './stream.ts';

boundCollections();

/** The part of an avsc type that Millrace uses; values are as `Value` says. */
export type AvscType = avro.Type;

/**
 * The compiled encoder and decoder of a record. Logical types stay their underlying numbers and bytes, and unions stay
 * plain: `parseAvroRecord` has refused those whose branches can't be distinguished.
 */
export function avscType(schema: AvroRecordJson): AvscType {
  try {
    return avro.Type.forSchema(schema as avro.Schema, { wrapUnions: 'never', logicalTypes: {}, registry: {} });
  } catch (error) {
    throw new SchemaFault(messageOf(error));
  }
}

/** Reads records written under `writer` as if under `reader` (Avro 1.12, "Schema Resolution"); null reads them as they are. */
export function compileDecoder(reader: AvscType, writer: AvscType): (bytes: Buffer) => Value {
  const resolver = reader === writer ? undefined : reader.createResolver(writer);
  return (bytes) => reader.fromBuffer(bytes, resolver);
}
