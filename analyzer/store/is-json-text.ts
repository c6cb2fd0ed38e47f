import type { AvroType } from '@millrace/core/schema/avro-type';

const MAX_DECIMAL_DIGITS = 38;

/** True for a type that is kept as the text of its JSON. */
export function isJsonText(type: AvroType): boolean {
  if (type.kind === 'union' || type.kind === 'null') return true;
  if (type.kind === 'record') return type.fields.length === 0;
  return 'logical' in type && type.logical?.name === 'decimal' && type.logical.precision > MAX_DECIMAL_DIGITS;
}
