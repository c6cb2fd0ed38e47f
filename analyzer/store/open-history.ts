import { setImmediate as yieldToRequests } from 'node:timers/promises';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { Run } from '../order/merge-partitions.ts';
import type { RecordBlock } from '../read/read-block.ts';
import type { StreamTable } from './catalog.ts';
import { type Checkpoint, loadCheckpoints, saveCheckpoints } from './checkpoint.ts';
import { chunksOf } from './chunks-of.ts';
import { createDropRedelivered } from './drop-redelivered.ts';
import { chunkFiller } from './fill-chunk.ts';
import { forgetRemoved } from './forget-removed.ts';
import { inTransaction } from './in-transaction.ts';
import type { Database } from './open-database.ts';
import { type Removal, saveRemovals } from './removals.ts';
import { quote } from './stream-table.ts';
import { loadWriters, saveWriters } from './writers.ts';

type Runs = readonly Run<RecordBlock>[];

/** One stream's numbered records, and how far its partitions are numbered. */
export type History = {
  readonly table: StreamTable;
  /** By partition, as of the last append. */
  readonly checkpoints: ReadonlyMap<number, Checkpoint>;
  /** How many records have a number; the next one's number. */
  count(): bigint;
  /**
   * Numbers records in the order given, and answers how many: redelivered ones get none. Rows and next offsets share one
   * transaction: a kill leaves both or neither.
   */
  append(runs: Runs): Promise<number>;
  /** Stores tombstones, before the checkpoints that are past them. */
  remove(removals: readonly Removal[]): Promise<void>;
  /** Changes whenever what statistics answer may have. */
  version(): string;
  /** Notes that what is appended from now on may have been written under this schema. */
  noteWriter(schemaId: number): void;
  /** Removes the events whose records the topic no longer has; the numbers of the others stay. */
  forget(offsets: readonly PartitionOffsets[]): Promise<void>;
};

export async function openHistory(
  database: Pick<Database, 'writer' | 'connect'>,
  table: StreamTable,
): Promise<History> {
  const { stream, epoch } = table;
  const connection = database.writer;
  const checkpoints = await loadCheckpoints(connection, stream.name, epoch);
  const writers = await loadWriters(connection, stream.name, epoch);
  const newWriters = new Set<number>();
  let removed = 0;
  const fill = chunkFiller(stream);
  /** Takes a moment for a long history: nothing but the first append waits for it. */
  const ready = createDropRedelivered(database, table);
  ready.catch(() => undefined);
  const reader = await connection.runAndReadAll(`SELECT max("$position") FROM ${quote(table.table)}`);
  const newest = reader.value(0, 0);
  let next = typeof newest === 'bigint' ? newest + 1n : 0n;

  return {
    table,
    checkpoints,
    count: () => next,
    async append(runs) {
      const dropRedelivered = await ready;
      const fresh = await dropRedelivered(runs);
      const reached = [...new Map(runs.map((run) => [run.partition, checkpointAfter(run)])).values()];
      const writersNow = [...newWriters];
      const end = await inTransaction(connection, async () => {
        await saveWriters(connection, stream.name, epoch, writersNow);
        await saveCheckpoints(connection, stream.name, epoch, reached);
        return appendRows(fresh);
      });
      for (const id of writersNow) {
        writers.add(id);
        newWriters.delete(id);
      }
      const numbered = Number(end - next);
      next = end;
      for (const checkpoint of reached) checkpoints.set(checkpoint.partition, checkpoint);
      return numbered;
    },
    async remove(removals) {
      await saveRemovals(connection, table.table, stream, removals);
      removed += removals.length;
    },
    version: () => `${epoch}:${next}:${removed}`,
    noteWriter(schemaId) {
      if (!writers.has(schemaId)) newWriters.add(schemaId);
    },
    forget: (offsets) => forgetRemoved(connection, table, offsets),
  };

  /** Chunk by chunk all the way, so that requests get their turn every millisecond or two. */
  async function appendRows(runs: Runs): Promise<bigint> {
    if (runs.length === 0) return next;
    const appender = await connection.createAppender(table.table);
    let position = next;
    for (const part of chunksOf(runs)) {
      appender.appendDataChunk(fill(part, position));
      await yieldToRequests();
      appender.flushSync();
      position += sizeOf(part);
      await yieldToRequests();
    }
    appender.closeSync();
    return position;
  }

  function checkpointAfter({ partition, block, to }: Run<RecordBlock>): Checkpoint {
    if (to === block.times.length) return { partition, ...block.end };
    const nextOffset = (block.offsets[to - 1] ?? 0n) + 1n;
    return { partition, nextOffset, orderTime: block.times[to - 1] ?? 0, last: checkpoints.get(partition)?.last };
  }
}

const sizeOf = (runs: Runs) => BigInt(runs.reduce((sum, { from, to }) => sum + to - from, 0));
