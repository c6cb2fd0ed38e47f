import type { DuckDBConnection } from '@duckdb/node-api';
import type { Stream } from '@millrace/core/schema/stream';
import type { StreamTable } from '../store/catalog.ts';
import { instantSql } from '../store/instant-sql.ts';
import { quote } from '../store/stream-table.ts';
import { removalsTable } from '../store/tombstones.ts';

/** Up to where a history is taken into account, so that the pages of an answer fit together while events arrive. */
export type Known = {
  /** Events with a lower number. */
  readonly count: bigint;
  /** Of an upsert stream: tombstones with at most this order time, in microseconds. */
  readonly removedTo: bigint;
};

/** Everything that the history holds now. */
export async function knownNow(
  connection: DuckDBConnection,
  { stream, table }: StreamTable,
  count: bigint,
): Promise<Known> {
  if (stream.store === 'append') return { count, removedTo: 0n };
  const reader = await connection.runAndReadAll(`SELECT epoch_us(max(order_time)) FROM ${removalsTable(table)}`);
  const newest = reader.value(0, 0);
  return { count, removedTo: typeof newest === 'bigint' ? newest : 0n };
}

/**
 * What statistics are about: every event, or for an upsert stream the keys as they stand: of each key the newest version
 * after its last tombstone, and among equal versions the one that came last. Within a partition offsets say what came
 * after; a key may have moved when partitions were added, so across them append times do.
 */
export function rowsOf({ store, key, version }: Stream, table: string, known: Known): string {
  const events = `(FROM ${quote(table)} WHERE "$position" < ${known.count})`;
  if (store === 'append') return events;
  return `(SELECT each.* FROM ${events} each LEFT JOIN (
      SELECT key, max({'time': order_time, 'partition': "partition", 'offset': "offset"}) AS last
      FROM ${removalsTable(table)} WHERE order_time <= ${instantSql(known.removedTo)} GROUP BY key
    ) removed ON removed.key = each.${quote(key.name)}
    WHERE removed.key IS NULL OR CASE WHEN removed.last."partition" = each."$partition"
      THEN each."$offset" > removed.last."offset"
      ELSE (each."$appended_at", each."$partition") > (removed.last."time", removed.last."partition") END
    QUALIFY row_number() OVER (
      PARTITION BY each.${quote(key.name)} ORDER BY each.${quote(version.name)} DESC, each."$position" DESC) = 1)`;
}
