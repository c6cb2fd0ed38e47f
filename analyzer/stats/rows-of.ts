import type { Stream } from '@millrace/core/schema/stream';
import { quote } from '../store/stream-table.ts';
import { removalsTable } from '../store/tombstones.ts';

/**
 * What statistics are about: every event, or for an upsert stream the keys as they stand: of each key the newest version
 * after its last tombstone, and among equal versions the one that came last. Within a partition offsets say what came
 * after; a key may have moved when partitions were added, so across them append times do.
 */
export function rowsOf({ store, key, version }: Stream, table: string): string {
  if (store === 'append') return quote(table);
  return `(SELECT each.* FROM ${quote(table)} each LEFT JOIN (
      SELECT key, max({'time': order_time, 'partition': "partition", 'offset': "offset"}) AS last
      FROM ${removalsTable(table)} GROUP BY key
    ) removed ON removed.key = each.${quote(key.name)}
    WHERE removed.key IS NULL OR CASE WHEN removed.last."partition" = each."$partition"
      THEN each."$offset" > removed.last."offset"
      ELSE (each."$appended_at", each."$partition") > (removed.last."time", removed.last."partition") END
    QUALIFY row_number() OVER (
      PARTITION BY each.${quote(key.name)} ORDER BY each.${quote(version.name)} DESC, each."$position" DESC) = 1)`;
}
