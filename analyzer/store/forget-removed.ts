import { BIGINT, type DuckDBConnection } from '@duckdb/node-api';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { StreamTable } from './catalog.ts';
import type { Checkpoint } from './checkpoint.ts';
import { millisOf } from './millis-of.ts';
import { quote } from './stream-table.ts';

/**
 * The number that the events now begin with: the one after the last whose record retention has taken. What lies before
 * it in other partitions is older, and goes with it: so a replica that can begin only there answers the same.
 */
export async function firstLeft(
  connection: DuckDBConnection,
  { table }: StreamTable,
  first: bigint,
  offsets: readonly PartitionOffsets[],
): Promise<bigint> {
  const removed = offsets
    .filter(({ lowOffset }) => lowOffset > 0n)
    .map(({ partition, lowOffset }) => `("$partition" = ${partition} AND "$offset" < ${lowOffset})`);
  if (removed.length === 0) return first;
  const reader = await connection.runAndReadAll(
    `SELECT max("$position") FROM ${quote(table)} WHERE ${removed.join(' OR ')}`,
  );
  const last = reader.value(0, 0);
  return typeof last === 'bigint' && last >= first ? last + 1n : first;
}

/** To be called in one transaction with what follows from it. */
export async function forgetBefore(
  connection: DuckDBConnection,
  { stream, epoch, table }: StreamTable,
  first: bigint,
): Promise<void> {
  await connection.run(`DELETE FROM ${quote(table)} WHERE "$position" < $first`, { first }, { first: BIGINT });
  await connection.run(
    'UPDATE "$streams" SET first = $first WHERE stream = $stream AND epoch = $epoch',
    { first, stream: stream.name, epoch },
    { first: BIGINT },
  );
}

/** Where each partition continues at that number: at its next event, or where it was read up to. */
export async function cutBefore(
  connection: DuckDBConnection,
  { table }: StreamTable,
  first: bigint,
  reached: readonly Checkpoint[],
): Promise<Checkpoint[]> {
  const reader = await connection.runAndReadAll(
    `SELECT "$partition", min("$offset"), arg_min("$appended_at", "$offset") FROM ${quote(table)}
     WHERE "$position" >= $first GROUP BY "$partition"`,
    { first },
    { first: BIGINT },
  );
  const starts = new Map(
    reader.getRows().map(([partition, offset, at]): [number, Checkpoint] => {
      const start = { offset: BigInt(String(offset)), appendTime: millisOf(at), hash: undefined };
      return [
        Number(partition),
        { partition: Number(partition), nextOffset: start.offset, orderTime: start.appendTime, last: start },
      ];
    }),
  );
  return reached.map((checkpoint) => starts.get(checkpoint.partition) ?? checkpoint);
}
