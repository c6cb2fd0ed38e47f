import type { Value } from '@millrace/core/schema/from-json';
import { compileInvalidValue } from '@millrace/core/schema/invalid-value';
import type { Stream } from '@millrace/core/schema/stream';
import type { Batch } from '@millrace/core/stream/consume';
import type { DecodeBatch } from '@millrace/core/stream/create-decoder';
import { appendTimeOf } from '../store/append-time.ts';
import { type Identity, identityOf } from '../store/identity.ts';
import type { Removal } from '../store/tombstones.ts';
import { type ColumnVector, vectorOf } from './column-vectors.ts';

/** Consecutive usable records of one partition, by column: the unit in which records wait for their numbers. */
export type RecordBlock = {
  readonly partition: number;
  /** Of each record: the running maximum of append times in the partition. */
  readonly times: Float64Array<ArrayBuffer>;
  readonly appendTimes: Float64Array<ArrayBuffer>;
  readonly offsets: BigInt64Array<ArrayBuffer>;
  /** In the order of the stream's fields. */
  readonly cells: readonly ColumnVector[];
  /** How far the partition is done once all of the block is, records that can't be used included. */
  readonly end: BlockEnd;
};

export type BlockEnd = { readonly nextOffset: bigint; readonly orderTime: number; readonly last: Identity };

/** What a batch came to. */
export type ReadBlock = {
  /** Undefined when no record of the batch can be used. */
  readonly block: RecordBlock | undefined;
  readonly end: BlockEnd;
  /** Why records can not be used, one entry for each. */
  readonly faults: readonly string[];
  /** The tombstones of an upsert stream. */
  readonly removals: readonly Removal[];
};

/** Compiles the way of a stream's batches into blocks. `time` is the order time of the record before the batch. */
export function blockReader(stream: Stream, decode: DecodeBatch): (batch: Batch, time: number) => Promise<ReadBlock> {
  const takesTombstones = stream.store === 'upsert';
  const invalid = compileInvalidValue(stream.fields);
  const fillers = stream.fields.map(({ name, type }) => vectorOf(name, type));

  return async (batch, time) => {
    const decoded = await decode(batch.records.map(({ value }) => value));
    const usable: Readonly<Value>[] = [];
    const faults: string[] = [];
    const removals: Removal[] = [];
    const times = new Float64Array(batch.records.length);
    const appendTimes = new Float64Array(batch.records.length);
    const offsets = new BigInt64Array(batch.records.length);
    let lastTime = time;
    for (const [index, record] of batch.records.entries()) {
      const { offset, key, value: bytes } = record;
      const appendTime = appendTimeOf(record);
      lastTime = Math.max(lastTime, appendTime);
      if (takesTombstones && bytes === null && key !== null) {
        removals.push({ partition: batch.partition, offset, orderTime: lastTime, key: key.toString() });
        continue;
      }
      const outcome = decoded[index];
      const value = outcome && 'value' in outcome ? outcome.value : undefined;
      const fault = value
        ? invalid(value)
        : outcome && 'fault' in outcome
          ? outcome.fault
          : 'the record was not decoded';
      if (!value || fault !== undefined) {
        faults.push(fault ?? '');
        continue;
      }
      times[usable.length] = lastTime;
      appendTimes[usable.length] = appendTime;
      offsets[usable.length] = offset;
      usable.push(value);
    }
    const end = endOf(batch, lastTime);
    if (usable.length === 0) return { block: undefined, end, faults, removals };
    const cells = fillers.map((fill) => fill(usable));
    const block = {
      partition: batch.partition,
      times: times.subarray(0, usable.length),
      appendTimes,
      offsets,
      cells,
      end,
    };
    return { block, end, faults, removals };
  };
}

/** @param orderTime of the batch's last record */
export function endOf({ nextOffset, records }: Batch, orderTime: number): BlockEnd {
  const last = records.at(-1);
  if (!last) throw new Error('a batch is never empty');
  return { nextOffset, orderTime, last: identityOf(last) };
}
