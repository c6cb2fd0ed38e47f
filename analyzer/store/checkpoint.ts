import type { DuckDBConnection } from '@duckdb/node-api';

import type { Identity } from './identity.ts';

/** How far a partition is numbered. */
export type Checkpoint = {
  readonly partition: number;
  /** The first offset without a number, and without a reason to have none. */
  readonly nextOffset: bigint;
  /** The order time of the last record before it. */
  readonly orderTime: number;
  /** One of the last records before it. */
  readonly last: Identity | undefined;
};

export const CHECKPOINT_TABLE = `CREATE TABLE IF NOT EXISTS "$checkpoints" (
  stream VARCHAR, epoch INTEGER, "partition" INTEGER, next_offset BIGINT, order_time BIGINT,
  last_offset BIGINT, last_append_time BIGINT, last_hash VARCHAR)`;

export async function loadCheckpoints(
  connection: DuckDBConnection,
  stream: string,
  epoch: number,
): Promise<Map<number, Checkpoint>> {
  const reader = await connection.runAndReadAll(
    `SELECT "partition", next_offset, order_time, last_offset, last_append_time, last_hash
     FROM "$checkpoints" WHERE stream = $stream AND epoch = $epoch`,
    { stream, epoch },
  );
  const checkpoints = reader.getRowsJson().map(([partition, next, order, offset, time, hash]) => ({
    partition: Number(partition),
    nextOffset: BigInt(String(next)),
    orderTime: Number(order),
    last:
      offset === null
        ? undefined
        : { offset: BigInt(String(offset)), appendTime: Number(time), hash: hash === null ? undefined : String(hash) },
  }));
  return new Map(checkpoints.map((checkpoint) => [checkpoint.partition, checkpoint]));
}

/** To be called inside the transaction that appends the rows. */
export async function saveCheckpoints(
  connection: DuckDBConnection,
  stream: string,
  epoch: number,
  checkpoints: readonly Checkpoint[],
): Promise<void> {
  if (checkpoints.length === 0) return;
  const partitions = checkpoints.map(({ partition }) => partition).join(', ');
  const hashes: Record<string, string> = {};
  const rows = checkpoints.map(({ partition, nextOffset, orderTime, last }) => {
    if (last?.hash !== undefined) hashes[`hash${partition}`] = last.hash;
    const hash = last?.hash === undefined ? 'NULL' : `$hash${partition}`;
    const identity = last ? `${last.offset}, ${last.appendTime}, ${hash}` : 'NULL, NULL, NULL';
    return `($stream, $epoch, ${partition}, ${nextOffset}, ${orderTime}, ${identity})`;
  });
  await connection.run(
    `DELETE FROM "$checkpoints" WHERE stream = $stream AND epoch = $epoch AND "partition" IN (${partitions})`,
    { stream, epoch },
  );
  await connection.run(`INSERT INTO "$checkpoints" VALUES ${rows.join(', ')}`, { stream, epoch, ...hashes });
}
