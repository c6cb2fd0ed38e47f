import type { RecordHeaders } from './record-headers.ts';

export type WrittenRecord = {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
};

/** The client's own producer: one call is one request. `createProducer` shares requests between callers. */
export type KafkaProducer = {
  /** Writes with acks=all and answers the offset of the first record of each partition that was written. */
  send(topic: string, records: readonly WrittenRecord[]): Promise<ReadonlyMap<number, bigint>>;
  close(): Promise<void>;
};

export type Transaction = {
  send(topic: string, records: readonly WrittenRecord[]): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
};

export type TransactionalProducer = { begin(): Promise<Transaction>; close(): Promise<void> };
