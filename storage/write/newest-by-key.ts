import { bytesToDecimal } from '@millrace/core/schema/decimal';
import type { Change, Row } from './prepare-changes.ts';

export type NewestByKey = {
  /** Keys that had a tombstone, to be deleted before any row is stored. */
  readonly removed: readonly string[];
  /** At most one row for each key. */
  readonly rows: readonly Row[];
};

/**
 * What a batch of an upsert stream comes to: of each key the newest version after its last tombstone, and among equal
 * versions the one that came last. No statement then has a key twice.
 */
export function newestByKey(changes: readonly Change[], version: string): NewestByKey {
  const removed = new Set<string>();
  const rows = new Map<string, Row>();
  for (const change of changes) {
    if (change.kind === 'removal') {
      removed.add(change.key);
      rows.delete(change.key);
      continue;
    }
    const before = rows.get(change.key);
    if (!before || !isOlder(change.value[version], before.value[version])) rows.set(change.key, change);
  }
  return { removed: [...removed], rows: [...rows.values()] };
}

/** As the database compares; a version that is not there is older than every other. */
function isOlder(version: unknown, than: unknown): boolean {
  if (than === null || than === undefined) return false;
  if (version === null || version === undefined) return true;
  if (Buffer.isBuffer(version) && Buffer.isBuffer(than)) return bytesToDecimal(version) < bytesToDecimal(than);
  if (typeof version === 'number' && typeof than === 'number') return version < than;
  return String(version) < String(than);
}
