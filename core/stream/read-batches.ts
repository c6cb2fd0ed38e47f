import { reasonOf } from '../problem/reason-of.ts';
import type { UnreadableBatch } from './kafka-consumer.ts';

/** Where kafkajs is in the bytes that a request brought of a partition: record batches one after another. */
export type BytesDecoder = { readonly buffer: Buffer; offset: number };

type KafkajsRecord = { readonly offset: string; readonly isControlRecord?: boolean };
/** How kafkajs reads them. */
export type BatchReaders = {
  /** Reads the batch at which the decoder stands. */
  readonly readBatch: (decoder: BytesDecoder) => Promise<{ readonly records: readonly KafkajsRecord[] }>;
  /** Reads records in the formats before Kafka 0.11. */
  readonly readOldMessages: (decoder: BytesDecoder) => Promise<readonly KafkajsRecord[]>;
  readonly createDecoder: (bytes: Buffer) => BytesDecoder;
};

/** https://kafka.apache.org/documentation/#recordbatch: where a batch has what, counted from its start. */
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const COUNT_AT = 57;
const BEFORE_LENGTH_BYTES = 12;
const HEADER_BYTES = 61;
const MAGIC = 2;
const CODEC_BITS = 0x07;
const LAST_CODEC = 4;

/**
 * The most records that a batch may have. Each becomes an object, so a batch of very many tiny ones would fill the memory. A record
 * of Millrace has 16 random bytes at least: a request of 1 MiB has no more than 65,536 of them, with any codec.
 */
const MAX_BATCH_RECORDS = 250_000;

/**
 * Reads the batches of a fetch response, the last of which may be cut short, as kafkajs does. An unreadable batch becomes a record that says so,
 * in place of an error that would end the whole consumer, again and again. A batch whose records compaction has removed
 * becomes a control record, by which kafkajs goes past it.
 */
export function createBatchesReader({ readBatch, readOldMessages, createDecoder }: BatchReaders) {
  return async (decoder: BytesDecoder & { readInt32(): number }): Promise<KafkajsRecord[]> => {
    const size = decoder.readInt32();
    if (size <= 0 || decoder.buffer.length - decoder.offset < size) return [];
    const bytes = decoder.buffer.subarray(decoder.offset, decoder.offset + size);
    decoder.offset += size;
    const records: KafkajsRecord[] = [];
    for (let at = 0; bytes.length - at >= HEADER_BYTES; ) {
      const length = bytes.readInt32BE(at + LENGTH_AT);
      const end = at + BEFORE_LENGTH_BYTES + length;
      if (end > bytes.length && at > 0) break;
      const isWhole = length >= HEADER_BYTES - BEFORE_LENGTH_BYTES;
      const batch = bytes.subarray(at, isWhole ? end : bytes.length);
      for (const record of await readOne(batch)) records.push(record);
      at += batch.length;
    }
    return records;
  };

  async function readOne(batch: Buffer): Promise<readonly KafkajsRecord[]> {
    try {
      const magic = batch.readInt8(MAGIC_AT);
      if (magic === 0 || magic === 1) return await readOldMessages(withSize(batch));
      refuseUnknown(batch, magic);
      const { records } = await readBatch(createDecoder(batch));
      return records.length > 0 ? records : [controlRecord(batch)];
    } catch (error) {
      return [unreadableRecord(batch, reasonOf(error))];
    }
  }

  function withSize(batch: Buffer): BytesDecoder {
    const size = Buffer.alloc(4);
    size.writeInt32BE(batch.length);
    return createDecoder(Buffer.concat([size, batch]));
  }
}

function refuseUnknown(batch: Buffer, magic: number): void {
  if (magic !== MAGIC) throw new Error(`its format ${magic} is not known`);
  const codec = batch.readInt16BE(ATTRIBUTES_AT) & CODEC_BITS;
  if (codec > LAST_CODEC) throw new Error(`its compression codec ${codec} is not known`);
  const count = batch.readInt32BE(COUNT_AT);
  if (count > MAX_BATCH_RECORDS) throw new Error(`it has ${count} records; ${MAX_BATCH_RECORDS} may be in one batch`);
}

/** Undefined for a record that was read. */
export function unreadableOf(record: object): UnreadableBatch | undefined {
  return isUnreadable(record) ? record.unreadable : undefined;
}

const isUnreadable = (record: object): record is { readonly unreadable: UnreadableBatch } => 'unreadable' in record;

/** At the last offset of the batch: kafkajs drops records before the offset that it asked for, which may lie in the middle. */
function unreadableRecord(batch: Buffer, reason: string) {
  const firstOffset = batch.readBigInt64BE(0);
  const lastOffset = lastOffsetOf(batch);
  return { ...emptyRecord(lastOffset), unreadable: { firstOffset, lastOffset, reason } };
}

const controlRecord = (batch: Buffer) => ({ ...emptyRecord(lastOffsetOf(batch)), isControlRecord: true });

function lastOffsetOf(batch: Buffer): bigint {
  return batch.readBigInt64BE(0) + BigInt(Math.max(0, batch.readInt32BE(LAST_OFFSET_DELTA_AT)));
}

function emptyRecord(offset: bigint) {
  return {
    ...{ magicByte: MAGIC, attributes: 0, timestamp: '0', offset: String(offset) },
    ...{ key: null, value: null, headers: {}, isControlRecord: false },
    batchContext: { producerId: '-1', inTransaction: false, isControlBatch: false },
  };
}
