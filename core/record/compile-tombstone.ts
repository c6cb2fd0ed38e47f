import type { Fault } from '../problem/problem.ts';
import { compileValidator } from '../schema/compile-validator.ts';
import { compileFromText } from '../schema/from-text.ts';
import { recordSchema } from '../schema/json-schema.ts';
import type { Stream } from '../schema/stream.ts';
import { keyOf } from '../stream/key-of.ts';
import { partitionOf } from '../stream/partition-of.ts';
import type { LaneRecord } from '../stream/produce-lane.ts';
import { compileKeyText } from './key-text.ts';

export type Tombstone = {
  readonly faults?: undefined;
  /** The key in the spelling that answers have: a uuid in lower case. */
  readonly key: string;
  readonly record: LaneRecord;
};

/** The record that removes the row of a key; or why no record of the stream can have that key. */
export type ToTombstone = (key: string, traceparent: string) => Tombstone | { readonly faults: readonly Fault[] };

/**
 * Compiles a stream's step from a key's text to its tombstone. A key is read as `GET <path>/<key>` reads it.
 * @param partitions how many partitions the topic has now
 */
export function compileTombstone(stream: Stream, partitions: () => number): ToTombstone {
  const { key: field } = stream;
  const fromText = compileFromText(field);
  const toKey = keyOf(stream);
  const keyText = compileKeyText(stream);
  const isPlain = !('logical' in field.type && field.type.logical);
  const validate = compileValidator(recordSchema({ fields: [field] }));

  return (text, traceparent) => {
    const read = fromText(text);
    if ('fault' in read) return { faults: [{ pointer: `/${field.name}`, message: read.fault }] };
    const value = { [field.name]: read.value };
    const faults = isPlain ? validate(value) : [];
    if (faults.length > 0) return { faults };
    const key = toKey(value);
    return {
      key: keyText(value),
      record: { partition: partitionOf(key, partitions()), key, value: null, traceparent },
    };
  };
}
