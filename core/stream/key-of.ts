import type { Value } from '../schema/from-json.ts';
import type { Stream } from '../schema/stream.ts';

/** A record's key: the stream's key field as text, so that records of one user, order or rule stay in order. */
export function keyOf(stream: Stream): (value: Value) => Buffer {
  const { name } = stream.key;
  return (value) => Buffer.from(String(value[name]));
}
