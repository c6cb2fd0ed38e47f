import type { ConsumedRecord } from './consumed-record.ts';

export type KafkaConsumerSettings = {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly maxBytesPerPartition: number;
  /** Partitions whose batches are given at the same time. */
  readonly concurrency: number;
  /** Whether partition n of every topic goes to the same member of the group. */
  readonly together?: boolean;
};

/** The partitions that the group has given to this consumer, by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

/** Records whose bytes can't be read: a damaged batch, one that grows past every bound, an unknown codec. */
export type UnreadableBatch = { readonly firstOffset: bigint; readonly lastOffset: bigint; readonly reason: string };

/** What one request brought of a partition. */
export type Fetched = {
  readonly topic: string;
  readonly partition: number;
  /** Without control records and those of aborted transactions. May be empty. */
  readonly records: readonly ConsumedRecord[];
  readonly unreadable: readonly UnreadableBatch[];
  /** The offset of the first record, whether it is among `records` or not. */
  readonly firstOffset: bigint;
  /** The offset after the last record, whether it is among `records` or not. */
  readonly nextOffset: bigint;
  readonly logEndOffset: bigint;
  /** Tells the group that we are alive. Rejects when the group has moved on. */
  heartbeat(): Promise<void>;
  /** Has the next request begin here. */
  resolve(nextOffset: bigint): void;
  /** False once the consumer was stopped, or has sought another offset. */
  isCurrent(): boolean;
};

export type ConsumerEvents = {
  onAssigned(assignment: Assignment): void;
  /** While it runs, this partition brings no more. What it throws makes the consumer join its group again. */
  onFetched(fetched: Fetched): Promise<void>;
  /** Nothing before `nextOffset` is left to read, though it brought no record: control records, aborted transactions. */
  onSkipped(topic: string, partition: number, nextOffset: bigint): void;
  /** The consumer starts again by itself. */
  onRestart(error: unknown): void;
  /** The consumer has ended. */
  onCrash(error: unknown): void;
};

/** The client's own consumer, a member of a group. `consume` reads from checkpoints with it. */
export type KafkaConsumer = {
  start(events: ConsumerEvents): Promise<void>;
  seek(topic: string, partition: number, offset: bigint): void;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  commitOffsets(offsets: readonly { topic: string; partition: number; offset: bigint }[]): Promise<void>;
  close(): Promise<void>;
};
