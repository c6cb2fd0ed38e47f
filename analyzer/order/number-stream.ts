import { mergePartitions, type Run, recordsIn } from '@millrace/core/order/merge-partitions';
import { larger } from '@millrace/core/order/offsets';
import type { Stream } from '@millrace/core/schema/stream';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { ReadBlock, RecordBlock } from '../read/read-block.ts';
import type { PartitionStart } from '../read/read-topics.ts';
import type { Checkpoint } from '../store/checkpoint.ts';
import type { History } from '../store/open-history.ts';
import type { Removal } from '../store/tombstones.ts';
import { UNUSABLE } from '../store/writer-schemas.ts';
import { createEndOffsets, type EndOffsets } from './end-offsets.ts';
import { TopicChanged } from './topic-changed.ts';

/** What became of records: `late` ones are among the numbered, behind records that were appended after them. */
export type Numbered = { readonly numbered: number; readonly redelivered: number; readonly late: number };

export type StreamNumbering = Omit<EndOffsets, 'observe'> & {
  readonly stream: Stream;
  readonly history: History;
  /** Where reading begins: at the last record that was numbered, so that a recreated topic is noticed. */
  starts(): readonly PartitionStart[];
  /** Notes that later records may have been written under this schema. */
  noteWriterSchema(schemaId: number): void;
  /** Adds the next records of a partition. */
  add(partition: number, read: ReadBlock): void;
  /** Notes that nothing readable lies before the offset: control records, or records of an aborted transaction. */
  skipTo(partition: number, offset: bigint): void;
  /**
   * To be called before the end offsets are fetched; the function that it returns applies them. Records that are read while the
   * request is in flight do not count: the answer is compared with what had been read before it.
   * @param askedAt by our clock; earlier than now when nothing was read since
   */
  beginEndOffsetFetch(askedAt?: number): (offsets: readonly PartitionOffsets[]) => void;
  /** Notes that fetching the end offsets failed. */
  endOffsetFetchFailed(): void;
  /** When the end offsets were last fetched, by `performance.now()`; undefined when the last fetch failed. */
  endOffsetsAskedAt(): number | undefined;
  /** Numbers what can be numbered, at most one transaction's worth; undefined when there was nothing. */
  numberNext(): Promise<Numbered | undefined>;
  /** Whether `numberNext` would number any. */
  ready(): boolean;
  pending(partition?: number): number;
  /** The append time that the watermark must pass for the next record to be numbered. */
  nextTime(): number | undefined;
  /** Everything appended before it has its number, by the brokers' clocks. */
  watermark(): number | undefined;
  /** Up to where each partition is numbered, or holds nothing to number. */
  progress(): readonly Checkpoint[];
};

const TRANSACTION_RECORDS = 16_384;

/** @param clockSkewMs how far our clock and the brokers' may be apart, and how late a record may become visible */
export function numberStream(
  { history, clockSkewMs }: { history: History; clockSkewMs: number },
  partitions: readonly number[],
): StreamNumbering {
  const { stream } = history.table;
  /** By partition, the first offset not read yet. */
  const read = new Map<number, bigint>();
  const ends = createEndOffsets(numberedOffset);
  let endOffsetsAskedAt: number | undefined;
  /** The state before the records that are being stored: they do not count until lookups find them. */
  let storing: { readonly watermark: number | undefined } | undefined;
  /** Tombstones that are not stored yet. */
  const removals: Removal[] = [];
  let pendingTruncation: readonly PartitionOffsets[] | undefined;
  const merge = mergePartitions<RecordBlock>(
    partitions.map((partition) => ({ partition, floor: history.checkpoints.get(partition)?.orderTime })),
  );
  let numberedTo = Math.max(...[...history.checkpoints.values()].map(({ orderTime }) => orderTime), -1);

  return {
    stream,
    history,
    starts: () => [...history.checkpoints.values()].map((from) => ({ topic: stream.topic, ...from })),
    noteWriterSchema: history.noteWriterSchema,
    add(partition, { block, end, faults, removals: found }) {
      removals.push(...found);
      if (faults.length > 0) history.noteWriterSchema(UNUSABLE);
      if (block) merge.push(partition, block);
      merge.completeBefore(partition, end.orderTime);
      readTo(partition, end.nextOffset);
    },
    skipTo: readTo,
    beginEndOffsetFetch(askedAt = Date.now()) {
      const readBefore = new Map([...history.checkpoints.keys(), ...read.keys()].map((at) => [at, nextOffset(at)]));
      const at = performance.now() - (Date.now() - askedAt);
      return (offsets) => {
        endOffsetsAskedAt = at;
        observeEnds(askedAt, readBefore, offsets);
      };
    },
    endOffsetFetchFailed() {
      endOffsetsAskedAt = undefined;
    },
    endOffsetsAskedAt: () => endOffsetsAskedAt,
    async numberNext() {
      if (pendingTruncation) {
        const removed = pendingTruncation;
        pendingTruncation = undefined;
        await history.forget(removed, progress());
      }
      if (removals.length > 0) {
        const found = [...removals];
        await history.remove(found);
        removals.splice(0, found.length);
      }
      const watermark = merge.watermark();
      const runs = merge.take(TRANSACTION_RECORDS);
      if (runs.length === 0) return undefined;
      storing = { watermark };
      const numbered = await history.append(runs);
      storing = undefined;
      return { numbered, redelivered: recordsIn(runs) - numbered, late: countLate(runs) };
    },
    ready: merge.ready,
    pending: merge.pending,
    nextTime: merge.nextTime,
    watermark() {
      const watermark = storing ? storing.watermark : merge.watermark();
      if (watermark === undefined) return undefined;
      return removals.reduce((least, { orderTime }) => Math.min(least, orderTime), watermark);
    },
    progress,
    caughtUp: ends.caughtUp,
    lag: ends.lag,
    isTruncated: ends.isTruncated,
    retainedCount: ends.retainedCount,
  };

  function observeEnds(askedAt: number, readBefore: Map<number, bigint>, offsets: readonly PartitionOffsets[]) {
    if (ends.observe(offsets)) pendingTruncation = offsets;
    for (const { partition, lowOffset, logEndOffset } of offsets) {
      if ((readBefore.get(partition) ?? 0n) > logEndOffset)
        throw new TopicChanged(stream, `partition ${partition} ends at ${logEndOffset}, before what was read`);
      if (larger(nextOffset(partition), lowOffset) >= logEndOffset)
        merge.completeBefore(partition, askedAt - clockSkewMs);
    }
  }

  function progress(): Checkpoint[] {
    return [...new Set([...history.checkpoints.keys(), ...read.keys()])].map((partition) => {
      const { orderTime, last } = history.checkpoints.get(partition) ?? { orderTime: 0, last: undefined };
      return { partition, nextOffset: numberedOffset(partition), orderTime, last };
    });
  }

  /** Where nothing waits, all that was read counts as numbered: control records at the end have no number to get. */
  function numberedOffset(partition: number): bigint {
    const waits = merge.pending(partition) > 0 || removals.some((each) => each.partition === partition);
    if (!storing && !waits) return nextOffset(partition);
    return history.checkpoints.get(partition)?.nextOffset ?? 0n;
  }

  function nextOffset(partition: number): bigint {
    return read.get(partition) ?? history.checkpoints.get(partition)?.nextOffset ?? 0n;
  }

  function readTo(partition: number, offset: bigint) {
    read.set(partition, larger(nextOffset(partition), offset));
  }

  function countLate(runs: readonly Run<RecordBlock>[]): number {
    let late = 0;
    for (const { block, from, to } of runs)
      for (let i = from; i < to; i += 1) {
        const time = block.times[i] ?? 0;
        if (time < numberedTo) late += 1;
        else numberedTo = time;
      }
    return late;
  }
}
