import type { Field } from '@millrace/core/schema/avro-type';

/** The field that a reader's field is read from: the one of its name or of one of its aliases (Avro 1.12, "Aliases"). */
export function fieldSource({ name, aliases = [] }: Field, written: readonly Field[]): Field | undefined {
  return written.find((field) => field.name === name || aliases.includes(field.name));
}
