import { BIGINT, type DuckDBConnection } from '@duckdb/node-api';
import type { Statement } from '../snapshot/numbering-snapshot.ts';
import type { StreamTable } from './catalog.ts';
import { saveCheckpoints } from './checkpoint.ts';
import { inTransaction } from './in-transaction.ts';
import { saveRepeats } from './repeats.ts';

/** Where an epoch's numbers begin, and whether they are everybody's: not when records were gone that nobody told of. */
export type Numbering = { readonly first: bigint; readonly anchored: boolean };

export async function loadNumbering(connection: DuckDBConnection, { stream, epoch }: StreamTable): Promise<Numbering> {
  const reader = await connection.runAndReadAll(
    'SELECT first, anchored FROM "$streams" WHERE stream = $stream AND epoch = $epoch',
    { stream: stream.name, epoch },
  );
  const [row] = reader.getRows();
  return { first: BigInt(String(row?.[0] ?? 0)), anchored: row?.[1] === true };
}

/** Lets an empty epoch begin where the statement says. */
export function beginAt(
  connection: DuckDBConnection,
  { stream, epoch }: StreamTable,
  { count, partitions, repeats }: Statement,
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

/** Notes that the epoch's numbers are its own guess, or no longer. */
export async function setAnchored(
  connection: DuckDBConnection,
  { stream, epoch }: StreamTable,
  anchored: boolean,
): Promise<void> {
  await connection.run('UPDATE "$streams" SET anchored = $anchored WHERE stream = $stream AND epoch = $epoch', {
    anchored,
    stream: stream.name,
    epoch,
  });
}
