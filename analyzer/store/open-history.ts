import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Run, recordsIn } from '@millrace/core/order/merge-partitions';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { RecordBlock } from '../read/read-block.ts';
import type { NumberingSnapshot } from '../snapshot/numbering-snapshot.ts';
import type { StreamTable } from './catalog.ts';
import { type Checkpoint, loadCheckpoints, saveCheckpoints } from './checkpoint.ts';
import { chunksOf } from './chunks-of.ts';
import { createDropRedelivered } from './drop-redelivered.ts';
import { chunkFiller } from './fill-chunk.ts';
import { cutBefore, firstLeft, forgetBefore } from './forget-removed.ts';
import { inTransaction } from './in-transaction.ts';
import { loadNumbering } from './numbering-start.ts';
import type { Database } from './open-database.ts';
import { leftOut, loadRepeats, saveRepeats, withoutKnown } from './repeats.ts';
import { quote } from './stream-table.ts';
import { type Removal, saveRemovals } from './tombstones.ts';
import { loadWriterSchemas, saveWriterSchemas } from './writer-schemas.ts';

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
  noteWriterSchema(schemaId: number): void;
  /** The number of the oldest event that there still is, or would be: those before it are gone. */
  first(): bigint;
  /** Whether its numbers are shared by every analyzer, rather than provisional. */
  isAuthoritative(): boolean;
  /**
   * Removes the events up to the last whose record the topic no longer has; the numbers of the others stay.
   * @param reached up to where each partition is numbered or has nothing to number
   */
  forget(offsets: readonly PartitionOffsets[], reached: readonly Checkpoint[]): Promise<void>;
  /** Where numbering stands, at the oldest event left and at the newest. Undefined when this history's numbers are provisional. */
  snapshot(kind: 'start' | 'end', reached: readonly Checkpoint[]): Promise<NumberingSnapshot | undefined>;
};

export async function openHistory(
  database: Pick<Database, 'writer' | 'connect' | 'yieldToReads'>,
  table: StreamTable,
): Promise<History> {
  const { stream, epoch } = table;
  const connection = database.writer;
  const checkpoints = await loadCheckpoints(connection, stream.name, epoch);
  const writers = await loadWriterSchemas(connection, stream.name, epoch);
  const newWriters = new Set<number>();
  let removed = 0;
  const { first: begin, authoritative } = await loadNumbering(connection, table);
  let first = begin;
  const knownRepeats = await loadRepeats(connection, stream.name, epoch, [...checkpoints.values()]);
  const fill = chunkFiller(stream);
  /** Takes a moment for a long history: nothing but the first append waits for it. */
  const ready = createDropRedelivered(database, table);
  ready.catch(() => undefined);
  const reader = await connection.runAndReadAll(`SELECT max("$position") FROM ${quote(table.table)}`);
  const newest = reader.value(0, 0);
  let next = typeof newest === 'bigint' && newest >= first ? newest + 1n : first;

  return {
    table,
    checkpoints,
    count: () => next,
    first: () => first,
    isAuthoritative: () => authoritative,
    async append(runs) {
      const dropRedelivered = await ready;
      const fresh = await dropRedelivered(withoutKnown(runs, knownRepeats));
      const repeats = leftOut(runs, fresh);
      const reached = [...new Map(runs.map((run) => [run.partition, checkpointAfter(run)])).values()];
      const writersNow = [...newWriters];
      const end = await inTransaction(connection, async () => {
        await saveWriterSchemas(connection, stream.name, epoch, writersNow);
        await saveCheckpoints(connection, stream.name, epoch, reached);
        await saveRepeats(connection, stream.name, epoch, repeats);
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
    version: () => `${epoch}:${first}:${next}:${removed}`,
    noteWriterSchema(schemaId) {
      if (!writers.has(schemaId)) newWriters.add(schemaId);
    },
    async forget(offsets, reached) {
      const left = await firstLeft(connection, table, first, offsets);
      await inTransaction(connection, async () => {
        await forgetBefore(connection, table, left);
        await saveCheckpoints(connection, stream.name, epoch, reached);
      });
      first = left;
      for (const checkpoint of reached) checkpoints.set(checkpoint.partition, checkpoint);
    },
    async snapshot(kind, reached) {
      if (!authoritative) return undefined;
      const partitions = kind === 'end' ? reached : await cutBefore(connection, table, first, reached);
      const repeats = await loadRepeats(connection, stream.name, epoch, partitions);
      return { count: kind === 'end' ? next : first, partitions, repeats };
    },
  };

  /** Chunk by chunk all the way, so that requests wait a millisecond or two at most. */
  async function appendRows(runs: Runs): Promise<bigint> {
    if (runs.length === 0) return next;
    const appender = await connection.createAppender(table.table);
    let position = next;
    for (const part of chunksOf(runs)) {
      await database.yieldToReads();
      appender.appendDataChunk(fill(part, position));
      await nextTurn();
      appender.flushSync();
      position += BigInt(recordsIn(part));
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
