import type { KnownRow } from '../state/known-rows.ts';

export type Change = 'changed' | 'returned' | 'unchanged';

/** Whether a row that was read has to be written. */
export function decideChange(known: KnownRow | undefined, hash: Buffer): Change {
  if (!known) return 'changed';
  if (known.isStale) return 'returned';
  return known.hash.equals(hash) ? 'unchanged' : 'changed';
}
