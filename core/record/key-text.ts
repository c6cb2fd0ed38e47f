import type { Value } from '../schema/from-json.ts';
import type { Stream } from '../schema/stream.ts';
import { jsonConverter } from '../schema/to-json.ts';

/** A record's key as answers have it and as `<path>/<key>` takes it: a date or a time as text, where Kafka has its number. */
export function compileKeyText({ key: { name, type } }: Stream): (value: Readonly<Value>) => string {
  const toJson = 'logical' in type && type.logical ? jsonConverter(type) : undefined;
  return toJson ? (value) => String(toJson(value[name])) : (value) => String(value[name]);
}
