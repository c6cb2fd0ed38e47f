import { compileFromText } from '@millrace/core/schema/from-text';
import type { Stream } from '@millrace/core/schema/stream';

/**
 * Whether an event, as it is answered, is one of the owner's; of every event, where no owner is given.
 * @param owner the `sub` of a token that may read its own events alone
 */
export function isOwnedBy({ owner: field }: Stream, owner: string | undefined) {
  if (owner === undefined) return () => true;
  const read = compileFromText(field)(owner);
  if ('fault' in read) return () => false;
  const value = String(read.value);
  return (event: Readonly<Record<string, unknown>>): boolean =>
    event[field.name] !== null && String(event[field.name]) === value;
}
