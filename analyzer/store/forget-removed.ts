import type { DuckDBConnection } from '@duckdb/node-api';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { StreamTable } from './catalog.ts';
import { quote } from './stream-table.ts';

/**
 * Removes the events whose records retention has taken from the topic; the numbers of the others stay. Never the newest
 * one, so that numbering goes on where it was.
 */
export async function forgetRemoved(
  connection: DuckDBConnection,
  { table }: StreamTable,
  offsets: readonly PartitionOffsets[],
): Promise<void> {
  const removed = offsets
    .filter(({ lowOffset }) => lowOffset > 0n)
    .map(({ partition, lowOffset }) => `("$partition" = ${partition} AND "$offset" < ${lowOffset})`);
  if (removed.length === 0) return;
  await connection.run(
    `DELETE FROM ${quote(table)} WHERE (${removed.join(' OR ')})
     AND "$position" < (SELECT max("$position") FROM ${quote(table)})`,
  );
}
