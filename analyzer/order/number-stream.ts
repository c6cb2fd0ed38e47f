import type { Stream } from '@millrace/core/schema/stream';
import type { Batch } from '@millrace/core/stream/consume';
import type { DecodeBatch } from '@millrace/core/stream/create-decoder';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import { blockReader, type RecordBlock } from '../read/read-block.ts';
import { type Identity, identityOf } from '../store/identity.ts';
import type { History } from '../store/open-history.ts';
import { mergePartitions, type Run } from './merge-partitions.ts';
import { TopicChanged } from './topic-changed.ts';

/** How one partition is being read. */
type Reading = {
  /** The first offset not read yet. */
  nextOffset: bigint;
  orderTime: number;
  /** The last record read; `toVerify` while the topic has not shown that it still holds it. */
  last: Identity | undefined;
  toVerify: boolean;
};

/** What became of records: `late` ones are among the numbered, behind records that were appended after them. */
export type Numbered = { readonly numbered: number; readonly redelivered: number; readonly late: number };

export type StreamNumbering = {
  readonly stream: Stream;
  readonly history: History;
  /** Where to read a partition on: at the last record read, so that it shows itself again. */
  startAt(partition: number): bigint | undefined;
  /**
   * Takes a batch in, and answers why records of it can't be used, an entry for each that can't. Throws `TopicChanged`
   * when the topic does not hold what was read from it before.
   */
  add(batch: Batch): Promise<readonly string[]>;
  /** Notes that nothing readable lies before the offset: control records, or what a transaction took back. */
  skipTo(partition: number, offset: bigint): void;
  /** Takes in end offsets that were asked for after `askedAt`, by our clock. */
  observeEnds(askedAt: number, offsets: readonly PartitionOffsets[]): void;
  /** Numbers what can be numbered, at most one transaction's worth; undefined when there was nothing. */
  numberNext(): Promise<Numbered | undefined>;
  /** Whether `numberNext` would number any. */
  ready(): boolean;
  pending(partition?: number): number;
  /** The append time that the watermark must pass for the next record to be numbered. */
  waitsFor(): number | undefined;
  /** Everything appended before it has its number, by the brokers' clocks. */
  watermark(): number | undefined;
  /** How many offsets are without a number, by the end offsets last seen; undefined before any was. */
  lag(): bigint | undefined;
};

const TRANSACTION_RECORDS = 16_384;

/** @param clockSkewMs how far our clock and the brokers' may be apart, and how late a record may become visible */
export function numberStream(
  { history, decode, clockSkewMs }: { history: History; decode: DecodeBatch; clockSkewMs: number },
  partitions: readonly number[],
): StreamNumbering {
  const { stream } = history.table;
  const readBlock = blockReader(stream, decode);
  const readings = new Map<number, Reading>();
  const ends = new Map<number, PartitionOffsets>();
  const merge = mergePartitions<RecordBlock>(
    partitions.map((partition) => ({ partition, floor: history.checkpoints.get(partition)?.orderTime })),
  );
  let numberedTo = Math.max(...[...history.checkpoints.values()].map(({ orderTime }) => orderTime), -1);

  return {
    stream,
    history,
    startAt(partition) {
      const reading = readingOf(partition);
      reading.toVerify = reading.last !== undefined;
      return reading.last?.offset ?? history.checkpoints.get(partition)?.nextOffset;
    },
    async add(batch) {
      const reading = readingOf(batch.partition);
      verify(reading, batch);
      const records = batch.records.filter(({ offset }) => offset >= reading.nextOffset);
      if (records.length > 0) {
        const { block, end, faults } = await readBlock({ ...batch, records }, reading.orderTime);
        reading.last = end.last;
        reading.orderTime = end.orderTime;
        reading.nextOffset = end.nextOffset;
        if (block) merge.push(batch.partition, block);
        merge.completeBefore(batch.partition, end.orderTime);
        return faults;
      }
      reading.nextOffset = larger(reading.nextOffset, batch.nextOffset);
      return [];
    },
    skipTo(partition, offset) {
      const reading = readingOf(partition);
      reading.nextOffset = larger(reading.nextOffset, offset);
    },
    observeEnds(askedAt, offsets) {
      for (const end of offsets) {
        ends.set(end.partition, end);
        const reading = readingOf(end.partition);
        if (reading.nextOffset > end.logEndOffset)
          throw new TopicChanged(
            stream,
            `partition ${end.partition} ends at ${end.logEndOffset}, before what was read`,
          );
        if (larger(reading.nextOffset, end.lowOffset) >= end.logEndOffset)
          merge.completeBefore(end.partition, askedAt - clockSkewMs);
      }
    },
    async numberNext() {
      const runs = merge.take(TRANSACTION_RECORDS);
      if (runs.length === 0) return undefined;
      const numbered = await history.append(runs);
      const size = runs.reduce((sum, { from, to }) => sum + to - from, 0);
      return { numbered, redelivered: size - numbered, late: countLate(runs) };
    },
    ready: merge.ready,
    pending: merge.pending,
    waitsFor: merge.nextTime,
    watermark: merge.watermark,
    lag() {
      if (ends.size === 0) return undefined;
      let lag = 0n;
      for (const { partition, lowOffset, logEndOffset } of ends.values()) {
        const next = larger(numberedOffset(partition), lowOffset);
        if (logEndOffset > next) lag += logEndOffset - next;
      }
      return lag;
    },
  };

  /** Where nothing waits, all that was read counts as numbered: control records at the end have no number to get. */
  function numberedOffset(partition: number): bigint {
    if (merge.pending(partition) === 0) return readingOf(partition).nextOffset;
    return history.checkpoints.get(partition)?.nextOffset ?? 0n;
  }

  function readingOf(partition: number): Reading {
    const known = readings.get(partition);
    if (known) return known;
    const checkpoint = history.checkpoints.get(partition);
    const reading = {
      nextOffset: checkpoint?.nextOffset ?? 0n,
      orderTime: checkpoint?.orderTime ?? Number.NEGATIVE_INFINITY,
      last: checkpoint?.last,
      toVerify: checkpoint !== undefined,
    };
    readings.set(partition, reading);
    return reading;
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

  /** Compares the record that was read last with what the topic has in its place; retention may have taken it away. */
  function verify(reading: Reading, { partition, records }: Batch) {
    const [first] = records;
    if (!reading.toVerify || !reading.last || !first) return;
    reading.toVerify = false;
    const { offset, appendTime, hash } = reading.last;
    if (first.offset !== offset) return;
    const found = identityOf(first);
    if (found.appendTime !== appendTime || found.hash !== hash)
      throw new TopicChanged(stream, `partition ${partition} has another record at offset ${offset} than it had`);
  }
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b);
