import type { Stream } from '@millrace/core/schema/stream';
import type { Batch } from '@millrace/core/stream/consume';
import type { DecodeBatch } from '@millrace/core/stream/create-decoder';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { Identity } from '../store/checkpoint.ts';
import { type Appended, type History, identityOf } from '../store/open-history.ts';
import { compileUnfit } from '../store/unfit.ts';
import { mergePartitions } from './merge-partitions.ts';
import { type PendingRecord, pendingRecords } from './pending-record.ts';
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

export type StreamNumbering = {
  readonly stream: Stream;
  readonly history: History;
  /** Where to read a partition on: at the last record read, so that it shows itself again. */
  startAt(partition: number): bigint | undefined;
  /** Takes a batch in. Throws `TopicChanged` when the topic does not hold what was read from it before. */
  add(batch: Batch): Promise<void>;
  /** Notes that nothing readable lies before the offset: control records, or what a transaction took back. */
  skipTo(partition: number, offset: bigint): void;
  /** Takes in end offsets that were asked for after `askedAt`, by our clock. */
  observeEnds(askedAt: number, offsets: readonly PartitionOffsets[]): void;
  /** Numbers what can be numbered, at most one transaction's worth; undefined when there was nothing. */
  numberNext(): Promise<(Appended & { readonly late: number; readonly faults: readonly string[] }) | undefined>;
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
  const unfit = compileUnfit(stream.fields);
  const readings = new Map<number, Reading>();
  const ends = new Map<number, PartitionOffsets>();
  const merge = mergePartitions<PendingRecord>(
    partitions.map((partition) => ({ partition, floor: history.checkpoints.get(partition)?.orderTime })),
  );
  let numberedTo = Math.max(...[...history.checkpoints.values()].map(({ orderTime }) => orderTime), -1);

  return {
    stream,
    history,
    startAt(partition) {
      const reading = readingOf(partition);
      reading.toVerify = reading.last !== undefined;
      return reading.last?.offset;
    },
    async add(batch) {
      const reading = readingOf(batch.partition);
      const records = verified(reading, batch);
      const fresh = records.filter(({ offset }) => offset >= reading.nextOffset);
      const pending = await pendingRecords({ ...batch, records: fresh }, decode, unfit, reading.orderTime);
      const last = pending.at(-1);
      if (last) {
        reading.last = identityOf(last);
        reading.orderTime = last.orderTime;
      }
      reading.nextOffset = larger(reading.nextOffset, batch.nextOffset);
      merge.push(batch.partition, pending);
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
      const records = merge.take(TRANSACTION_RECORDS);
      if (records.length === 0) return undefined;
      const appended = await history.append(records);
      const late = records.filter(({ orderTime }) => orderTime < numberedTo).length;
      numberedTo = Math.max(numberedTo, records.at(-1)?.orderTime ?? numberedTo);
      return { ...appended, late, faults: records.flatMap(({ fault }) => fault ?? []) };
    },
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

  /** Compares the record that was read last with what the topic has in its place; retention may have taken it away. */
  function verified(reading: Reading, { partition, records }: Batch) {
    const [first] = records;
    if (!reading.toVerify || !reading.last || !first) return records;
    reading.toVerify = false;
    const { offset, appendTime, hash } = reading.last;
    if (first.offset !== offset) return records;
    const found = identityOf({ offset, appendTime: first.appendTime, bytes: first.value });
    if (found.appendTime !== appendTime || found.hash !== hash)
      throw new TopicChanged(stream, `partition ${partition} has another record at offset ${offset} than it had`);
    return records;
  }
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b);
