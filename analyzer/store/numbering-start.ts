import { BIGINT, type DuckDBConnection } from '@duckdb/node-api';
import type { NumberingSnapshot } from '../snapshot/numbering-snapshot.ts';
import type { StreamTable } from './catalog.ts';
import { saveCheckpoints } from './checkpoint.ts';
import { inTransaction } from './in-transaction.ts';
import { saveRepeats } from './repeats.ts';

/** Where an epoch's numbering begins, and whether it is shared; a provisional numbering does not count records that retention had removed. */
export type Numbering = { readonly first: bigint; readonly authoritative: boolean };

export async function loadNumbering(connection: DuckDBConnection, { stream, epoch }: StreamTable): Promise<Numbering> {
  const reader = await connection.runAndReadAll(
    'SELECT first, anchored FROM "$streams" WHERE stream = $stream AND epoch = $epoch',
    { stream: stream.name, epoch },
  );
  const [row] = reader.getRows();
  return { first: BigInt(String(row?.[0] ?? 0)), authoritative: row?.[1] === true };
}

/** Lets an empty epoch begin where the snapshot says. */
export function beginAt(
  connection: DuckDBConnection,
  { stream, epoch }: StreamTable,
  { count, partitions, repeats }: NumberingSnapshot,
): Promise<void> {
  return inTransaction(connection, async () => {
    await connection.run(
      'UPDATE "$streams" SET first = $count, anchored = true WHERE stream = $stream AND epoch = $epoch',
      { count, stream: stream.name, epoch },
      { count: BIGINT },
    );
    await saveCheckpoints(connection, stream.name, epoch, partitions);
    await saveRepeats(connection, stream.name, epoch, repeats);
  });
}

/** Notes whether the epoch's numbers are shared or provisional; the column's name is that of the first release. */
export async function setAuthoritative(
  connection: DuckDBConnection,
  { stream, epoch }: StreamTable,
  authoritative: boolean,
): Promise<void> {
  await connection.run('UPDATE "$streams" SET anchored = $anchored WHERE stream = $stream AND epoch = $epoch', {
    anchored: authoritative,
    stream: stream.name,
    epoch,
  });
}
