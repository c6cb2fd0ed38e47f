import type { DuckDBConnection } from '@duckdb/node-api';
import { type Ordered, type Run, recordsIn } from '@millrace/core/order/merge-partitions';
import type { Checkpoint } from './checkpoint.ts';
import { keptRuns } from './kept-runs.ts';

/** Offsets of a partition, the last excluded, whose records got no number because they repeat an event. */
export type Repeats = { readonly partition: number; readonly from: bigint; readonly to: bigint };

type Placed = Ordered & { readonly offsets: BigInt64Array };

export const REPEATS_TABLE = `CREATE TABLE IF NOT EXISTS "$repeats" (
  stream VARCHAR, epoch INTEGER, "partition" INTEGER, from_offset BIGINT, to_offset BIGINT)`;

/** Those that lie at or after the offsets given; a partition without one has none. */
export async function loadRepeats(
  connection: DuckDBConnection,
  stream: string,
  epoch: number,
  since: readonly Pick<Checkpoint, 'partition' | 'nextOffset'>[],
): Promise<Repeats[]> {
  const reader = await connection.runAndReadAll(
    `SELECT "partition", from_offset, to_offset FROM "$repeats"
     WHERE stream = $stream AND epoch = $epoch ORDER BY "partition", from_offset`,
    { stream, epoch },
  );
  const starts = new Map(since.map(({ partition, nextOffset }) => [partition, nextOffset]));
  return reader
    .getRowsJson()
    .map(([partition, from, to]) => ({
      partition: Number(partition),
      from: BigInt(String(from)),
      to: BigInt(String(to)),
    }))
    .filter(({ partition, to }) => to > (starts.get(partition) ?? to));
}

/** To be called inside the transaction that moves the checkpoints past them. */
export async function saveRepeats(
  connection: DuckDBConnection,
  stream: string,
  epoch: number,
  repeats: readonly Repeats[],
): Promise<void> {
  if (repeats.length === 0) return;
  const rows = repeats.map(({ partition, from, to }) => `($stream, $epoch, ${partition}, ${from}, ${to})`);
  await connection.run(`INSERT INTO "$repeats" VALUES ${rows.join(', ')}`, { stream, epoch });
}

/** Leaves out the records that are known to be repeats. */
export function withoutKnown<Block extends Placed>(
  runs: readonly Run<Block>[],
  known: readonly Repeats[],
): readonly Run<Block>[] {
  if (known.length === 0) return runs;
  return runs.flatMap((run) => {
    const ranges = known.filter(({ partition }) => partition === run.partition);
    const isKnown = (index: number) => {
      const offset = run.block.offsets[index] ?? 0n;
      return ranges.some(({ from, to }) => offset >= from && offset < to);
    };
    return keptRuns(run, (index) => !isKnown(index));
  });
}

/** The records of `all` that `kept`, which is `all` with some left out, does not have. */
export function leftOut<Block extends Placed>(all: readonly Run<Block>[], kept: readonly Run<Block>[]): Repeats[] {
  if (recordsIn(all) === recordsIn(kept)) return [];
  const left: Repeats[] = [];
  const rest = [...kept];
  for (const { block, partition, from, to } of all) {
    let index = from;
    while (index < to) {
      const [next] = rest;
      const isOfThis = next?.block === block && next.from >= index && next.to <= to;
      const end = isOfThis ? next.from : to;
      if (end > index)
        left.push({ partition, from: block.offsets[index] ?? 0n, to: (block.offsets[end - 1] ?? 0n) + 1n });
      if (isOfThis) rest.shift();
      index = isOfThis ? next.to : to;
    }
  }
  return left;
}
