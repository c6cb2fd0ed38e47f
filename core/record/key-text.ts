import type { Stream } from '../schema/stream.ts';
import { jsonConverter } from '../schema/to-json.ts';

/** A record's key as answers have it and as `<path>/<key>` takes it: a date or a time as text, where Kafka has its number. */
export function compileKeyText({ key: { type } }: Stream): (key: Buffer | null) => string {
  const isNumber = type.kind === 'int' || type.kind === 'long';
  const toJson = isNumber && type.logical ? jsonConverter(type) : undefined;
  return toJson ? (key) => String(toJson(Number(key))) : String;
}
