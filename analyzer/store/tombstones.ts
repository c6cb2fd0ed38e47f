import { BIGINT, type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { Stream } from '@millrace/core/schema/stream';
import { columnType } from './column-type.ts';
import { quote } from './stream-table.ts';

/** A tombstone of an upsert stream: where it stands in the topic, and the key that it removes, as text. */
export type Removal = {
  readonly partition: number;
  readonly offset: bigint;
  /** The running maximum of append times in its partition. */
  readonly orderTime: number;
  readonly key: string;
};

/** The table of the tombstones that belong to a table of events. They have no number, for they are no events. */
export const removalsTable = (table: string) => quote(`${table}$removed`);

export const createRemovalsSql = (table: string, { key }: Stream) =>
  `CREATE TABLE ${removalsTable(table)} (
    key ${columnType(key.type)}, order_time TIMESTAMP, "partition" INTEGER, "offset" BIGINT)`;

/** Tombstones whose key can't be one of the stream's are left out, as they can't remove anything. Harmless when repeated. */
export async function saveRemovals(
  connection: DuckDBConnection,
  table: string,
  { key }: Stream,
  removals: readonly Removal[],
): Promise<void> {
  await connection.run(
    `INSERT INTO ${removalsTable(table)} SELECT * FROM (
       SELECT TRY_CAST(unnest($keys) AS ${columnType(key.type)}) AS key, make_timestamp(unnest($times)),
         unnest($partitions), unnest($offsets)
     ) WHERE key IS NOT NULL`,
    {
      keys: listValue(removals.map((each) => each.key)),
      times: listValue(removals.map(({ orderTime }) => BigInt(orderTime) * 1_000n)),
      partitions: listValue(removals.map(({ partition }) => partition)),
      offsets: listValue(removals.map(({ offset }) => offset)),
    },
    { keys: LIST(VARCHAR), times: LIST(BIGINT), partitions: LIST(INTEGER), offsets: LIST(BIGINT) },
  );
}
