import type { Admin, EachBatchPayload, IHeaders, Kafka } from 'kafkajs';
import type { Log } from '../log/create-log.ts';
import { withResolvers } from '../promise/with-resolvers.ts';
import { hintOffsets } from './hint-offsets.ts';
import { isKafkaFault } from './kafka-fault.ts';
import { keepAlive } from './keep-alive.ts';
import { OutOfPlace } from './out-of-place.ts';
import { createPlaces } from './places.ts';
import { createProgress, type Progress } from './progress.ts';
import { takeTurns } from './take-turns.ts';
import { toBatch } from './to-batch.ts';

/** How soon partitions that were added are noticed and shared out. */
const METADATA_MAX_AGE_MS = 15_000;
/** Partitions whose batches are worked on at the same time. */
const AT_ONCE = 3;

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
  /** Where this read began: the log holds no record between it and the first one here. */
  readonly fromOffset: bigint;
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
  readonly checkpoint: (topic: string, partition: number, signal: AbortSignal) => Promise<bigint | undefined>;
  /**
   * Must be harmless when a batch comes again. Retry inside for what passes: an `OutOfPlace` moves the partition to its
   * checkpoint, and anything else thrown ends the consumption.
   */
  readonly onBatch: (batch: Batch, signal: AbortSignal) => Promise<void>;
  /** Told when a checkpoint lies past a topic's end: the topic was truncated or made anew. Then reading starts at its oldest record. */
  readonly onShrunk?: (topic: string, partition: number, checkpoint: bigint, logEndOffset: bigint) => Promise<void>;
  /** Told when nothing before `nextOffset` is left to read though no batch said so: control records, aborted transactions. */
  readonly onSkipped?: (topic: string, partition: number, nextOffset: bigint) => void;
  /** Also commit to Kafka what is done, as a hint for tools that show lag. */
  readonly commitHints: boolean;
  /** Fetch a partition's next batch while `onBatch` is at work on the one before; it still gets one at a time. */
  readonly readAhead?: boolean;
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
  const { kafka, groupId, topics, log, onBatch } = options;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 10_000,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 250,
    maxBytesPerPartition: options.maxBytesPerPartition ?? 1024 * 1024,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => true },
  });
  const progress = createProgress();
  const turns = takeTurns(AT_ONCE);
  const stop = new AbortController();
  let generation = new AbortController();
  const { promise: done, reject: crash } = withResolvers<never>();
  done.catch(() => undefined);

  const places = createPlaces(options, stop.signal, (topic, partition, offset) => {
    progress.begin({ topic, partition, nextOffset: offset });
    consumer.seek({ topic, partition, offset: offset.toString() });
  });
  places.failed.catch(crash);

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    generation.abort();
    generation = new AbortController();
    progress.assign(payload.memberAssignment);
    places.assign(payload.memberAssignment);
    log.info({ group: groupId, assignment: payload.memberAssignment }, 'joined the consumer group');
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (payload.restart) log.warn({ err: payload.error, group: groupId }, 'consumer restarts after a fault');
    else crash(payload.error);
  });
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize === 0) options.onSkipped?.(payload.topic, payload.partition, BigInt(payload.lastOffset) + 1n);
  });

  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: false,
    autoCommit: false,
    partitionsConsumedConcurrently: AT_ONCE,
    eachBatch: (payload) => apply(payload).catch(passOrCrash),
  });
  const hints = options.commitHints ? hintOffsets(consumer, progress, log) : undefined;

  return {
    progress,
    pause: (topic, partition) => consumer.pause([{ topic, partitions: [partition] }]),
    resume: (topic, partition) => consumer.resume([{ topic, partitions: [partition] }]),
    done,
    async close() {
      stop.abort();
      generation.abort();
      await turns.idle();
      await hints?.close();
      await consumer.disconnect();
    },
  };

  async function apply(payload: EachBatchPayload) {
    const { batch, heartbeat, resolveOffset, isRunning, isStale } = payload;
    if (!isRunning() || isStale() || batch.isEmpty()) return;
    await keepAlive(heartbeat, stop.signal, async (signal) => {
      const endTurn = await turns.take(`${batch.topic}:${batch.partition}`, signal);
      if (!endTurn) return;
      let handedOver = false;
      try {
        const fromOffset = await places.expected(batch.topic, batch.partition);
        if (signal.aborted || isStale() || fromOffset === undefined) return;
        if (!options.readAhead) {
          if (await applyFrom(fromOffset, payload, signal)) resolveOffset(batch.lastOffset());
          return;
        }
        resolveOffset(batch.lastOffset());
        handedOver = true;
        applyFrom(fromOffset, payload, generation.signal).catch(moveOrCrash(batch)).finally(endTurn);
      } finally {
        if (!handedOver) endTurn();
      }
    });
  }

  /**
   * False when the batch is to come again, or is no longer ours. kafkajs goes back by itself when an offset is out of range,
   * which only the checkpoint can explain.
   */
  async function applyFrom(fromOffset: bigint, { batch }: EachBatchPayload, signal: AbortSignal): Promise<boolean> {
    const { topic, partition } = batch;
    const ours = toBatch(batch, fromOffset);
    try {
      if (BigInt(batch.firstOffset() ?? 0) < fromOffset) throw new OutOfPlace('reading went back');
      await onBatch(ours, signal);
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof OutOfPlace)) throw error;
      const level = error.isRoutine ? 'debug' : 'warn';
      log[level]({ topic, partition, offset: fromOffset, reason: error.message }, 'moving to the checkpoint');
      places.restart(topic, partition);
      return false;
    }
    if (signal.aborted) return false;
    places.advance(topic, partition, ours.nextOffset);
    progress.advance(ours);
    return true;
  }

  /** What kafkajs throws (rebalance, lost connection) it also mends; anything else is ours, and ends the process. */
  function passOrCrash(error: unknown): never {
    if (!isKafkaFault(error) && !stop.signal.aborted) crash(error);
    throw error;
  }

  /** The same where kafkajs has gone on already. */
  function moveOrCrash({ topic, partition }: { topic: string; partition: number }) {
    return (error: unknown): void => (isKafkaFault(error) ? places.restart(topic, partition) : crash(error));
  }
}
