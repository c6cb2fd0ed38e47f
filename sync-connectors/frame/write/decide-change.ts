import type { KnownRow } from '../state/known-rows.ts';

export type Change = 'changed' | 'returned' | 'unchanged';

/** Whether a row that was read has to be written. */
export function decideChange(known: KnownRow | undefined, hash: Buffer): Change {
  if (!known) return 'changed';
  if (known.isStale) return 'returned';
  return known.isConfirmed && known.hash.equals(hash) ? 'unchanged' : 'changed';
}

/** The version of a row that has to be written: what may be in the stream already is the same event when it is written again. */
export function nextVersion(known: KnownRow | undefined, hash: Buffer): number {
  if (!known) return 1;
  const isAgain = !known.isConfirmed && !known.isStale && known.hash.equals(hash);
  return isAgain ? known.version : known.version + 1;
}
