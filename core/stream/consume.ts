import type { Admin, EachBatchPayload, IHeaders, Kafka } from 'kafkajs';
import type { Log } from '../log/create-log.ts';
import { keepAlive } from './keep-alive.ts';
import { createProgress, type Progress } from './progress.ts';
import { startOffset } from './start-offset.ts';

export type ConsumedRecord = {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  /** Milliseconds since the epoch, by the broker's clock. */
  readonly appendTime: number;
};

export type Batch = {
  readonly topic: string;
  readonly partition: number;
  /** In offset order; never empty. Offsets may have gaps (control records, compaction). */
  readonly records: readonly ConsumedRecord[];
  /** The offset after the batch, past any control record that ends it: what a checkpoint says once the batch is done. */
  readonly nextOffset: bigint;
  readonly logEndOffset: bigint;
};

export type ConsumeOptions = {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly log: Log;
  /** The checkpoint: the first offset not done yet, asked on each assignment; undefined starts at the oldest record. */
  readonly checkpoint: (topic: string, partition: number) => Promise<bigint | undefined>;
  /** Must be harmless when a batch comes again. Anything it throws ends the consumption: retry inside for what passes. */
  readonly onBatch: (batch: Batch, signal: AbortSignal) => Promise<void>;
  /** Told when a checkpoint lies past a topic's end: the topic was truncated or made anew. Then reading starts at its oldest record. */
  readonly onShrunk?: (topic: string, partition: number, checkpoint: bigint, logEndOffset: bigint) => Promise<void>;
  /** Also commit to Kafka, as a hint for tools that show lag. */
  readonly commitHints: boolean;
  readonly maxBytesPerPartition?: number;
};

export type Consumption = {
  readonly progress: Progress;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Rejects when the consumption has ended by itself. */
  readonly done: Promise<never>;
  close(): Promise<void>;
};

/** Reads topics in a consumer group, each partition in order, from our own checkpoints rather than Kafka's committed offsets. */
export async function consume(options: ConsumeOptions): Promise<Consumption> {
  const { kafka, groupId, topics, log, commitHints, onBatch } = options;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 30_000,
    heartbeatInterval: 3_000,
    maxWaitTimeInMs: 250,
    maxBytesPerPartition: options.maxBytesPerPartition ?? 1024 * 1024,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => true },
  });
  const progress = createProgress();
  const positioned = new Set<string>();
  const stop = new AbortController();
  let crash: (error: unknown) => void = () => undefined;
  const done = new Promise<never>((_, reject) => {
    crash = reject;
  });
  done.catch(() => undefined);

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    positioned.clear();
    progress.assign(payload.memberAssignment);
    log.info({ group: groupId, assignment: payload.memberAssignment }, 'joined the consumer group');
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (payload.restart) log.warn({ err: payload.error, group: groupId }, 'consumer restarts after a fault');
    else crash(payload.error);
  });

  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: false,
    autoCommit: commitHints,
    autoCommitInterval: 1_000,
    partitionsConsumedConcurrently: 3,
    eachBatch: (payload) => apply(payload).catch(passOrCrash),
  });

  return {
    progress,
    pause: (topic, partition) => consumer.pause([{ topic, partitions: [partition] }]),
    resume: (topic, partition) => consumer.resume([{ topic, partitions: [partition] }]),
    done,
    async close() {
      stop.abort();
      await consumer.disconnect();
    },
  };

  async function apply(payload: EachBatchPayload) {
    const { batch, resolveOffset, commitOffsetsIfNecessary, isRunning, isStale } = payload;
    if (!isRunning() || isStale() || batch.isEmpty()) return;
    if (!(await isPositioned(payload))) return;
    const ours = toBatch(payload);
    await keepAlive(payload.heartbeat, stop.signal, (signal) => onBatch(ours, signal));
    progress.advance(ours);
    resolveOffset(batch.lastOffset());
    if (commitHints) await commitOffsetsIfNecessary();
  }

  /** Before a partition's first batch, moves to the checkpoint; the batch in hand counts only if it starts there. */
  async function isPositioned({ batch }: EachBatchPayload): Promise<boolean> {
    const { topic, partition } = batch;
    const name = `${topic}:${partition}`;
    if (positioned.has(name)) return true;
    const offset = await startOffset(options, topic, partition);
    positioned.add(name);
    progress.begin({ topic, partition, nextOffset: offset });
    if (batch.firstOffset() === offset.toString()) return true;
    consumer.seek({ topic, partition, offset: offset.toString() });
    return false;
  }

  /** What kafkajs throws (rebalance, lost connection) it also mends; anything else is ours, and ends the process. */
  function passOrCrash(error: unknown): never {
    if (!(error instanceof Error && error.name.startsWith('KafkaJS')) && !stop.signal.aborted) crash(error);
    throw error;
  }
}

function toBatch({ batch }: EachBatchPayload): Batch {
  return {
    topic: batch.topic,
    partition: batch.partition,
    records: batch.messages.map(({ offset, key, value, headers, timestamp }) => ({
      offset: BigInt(offset),
      key,
      value,
      headers: headers ?? {},
      appendTime: Number(timestamp),
    })),
    nextOffset: BigInt(batch.lastOffset()) + 1n,
    logEndOffset: BigInt(batch.highWatermark),
  };
}
