import type { Log } from '../log/create-log.ts';
import { withResolvers } from '../promise/with-resolvers.ts';
import type { Admin } from './admin.ts';
import { CheckpointMismatch } from './checkpoint-mismatch.ts';
import type { ConsumedRecord } from './consumed-record.ts';
import { createFetchPositions } from './fetch-positions.ts';
import { hintOffsets } from './hint-offsets.ts';
import type { Kafka } from './kafka.ts';
import type { Assignment, Fetched } from './kafka-consumer.ts';
import { isKafkaFault } from './kafka-fault.ts';
import { keepAlive } from './keep-alive.ts';
import { partitionName } from './partition-name.ts';
import { createPartitionSlots } from './partition-slots.ts';
import { createProgress, type Progress } from './progress.ts';
import { findDamage } from './skipped-offsets.ts';
import { toBatch } from './to-batch.ts';
import { createUnreadablePartitions, type UnreadablePartition } from './unreadable-partitions.ts';

export type { ConsumedRecord } from './consumed-record.ts';

/** Partitions whose batches are worked on at the same time. */
const AT_ONCE = 3;

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
  readonly kafka: Pick<Kafka, 'createConsumer'>;
  readonly admin: Pick<Admin, 'fetchOffsets' | 'committedOffsets'>;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly log: Log;
  /** The checkpoint: the first offset not done yet, asked on each assignment; undefined starts at the oldest record. */
  readonly checkpoint: (topic: string, partition: number, signal: AbortSignal) => Promise<bigint | undefined>;
  /**
   * Must be harmless when a batch comes again. Retry inside for what passes: an `CheckpointMismatch` moves the partition to its
   * checkpoint, and anything else thrown ends the consumption.
   */
  readonly onBatch: (batch: Batch, signal: AbortSignal) => Promise<void>;
  /** Called when a checkpoint lies past a topic's end: the topic was truncated or recreated. Then reading starts at its oldest record. */
  readonly onShrunk?: (topic: string, partition: number, checkpoint: bigint, logEndOffset: bigint) => Promise<void>;
  /** Called when nothing before `nextOffset` is left to read though no batch said so: control records, aborted transactions. */
  readonly onSkipped?: (topic: string, partition: number, nextOffset: bigint) => void;
  /** Called with all partitions that stand at a batch that can't be read, whenever that changes. */
  readonly onUnreadable?: (partitions: readonly UnreadablePartition[]) => void;
  /** Also commit the offsets of done batches to Kafka, as a hint for tools that show lag. */
  readonly commitHints: boolean;
  /** Fetch a partition's next batch while `onBatch` is at work on the one before; `onBatch` still gets one at a time. */
  readonly readAhead?: boolean;
  /** Parse the `traceparent` header of each record into its `trace`. */
  readonly traces?: boolean;
  readonly maxBytesPerPartition?: number;
  /** Give partition n of every topic to the same member of the group. */
  readonly together?: boolean;
  /** Called with each assignment, before any checkpoint is asked for. */
  readonly onAssigned?: (assignment: Assignment) => void;
};

export type Consumption = {
  readonly progress: Progress;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Asks for the partition's checkpoint again, and reads from there. */
  reposition(topic: string, partition: number): void;
  /** Partitions that stand at a batch that can't be read. */
  unreadable(): readonly UnreadablePartition[];
  /** Rejects when the consumption has ended by itself. */
  readonly done: Promise<never>;
  close(): Promise<void>;
};

/** Reads topics in a consumer group, each partition in order, from our own checkpoints rather than Kafka's committed offsets. */
export async function consume(options: ConsumeOptions): Promise<Consumption> {
  const { kafka, admin, groupId, topics, log, onBatch, onSkipped } = options;
  const consumer = kafka.createConsumer({
    ...{ groupId, topics, concurrency: AT_ONCE },
    maxBytesPerPartition: options.maxBytesPerPartition ?? 1024 * 1024,
    ...(options.together && { together: true }),
  });
  const progress = createProgress();
  const slots = createPartitionSlots(AT_ONCE);
  const stop = new AbortController();
  let generation = new AbortController();
  const { promise: done, reject: crash } = withResolvers<never>();
  done.catch(() => undefined);

  const unreadable = createUnreadablePartitions(consumer, log, (list) => options.onUnreadable?.(list));
  const positions = createFetchPositions(options, stop.signal, (topic, partition, offset) => {
    progress.begin({ topic, partition, nextOffset: offset });
    consumer.seek(topic, partition, offset);
  });
  positions.failed.catch(crash);

  await consumer.start({
    onAssigned(assignment) {
      generation.abort();
      generation = new AbortController();
      unreadable.reset();
      progress.assign(assignment);
      options.onAssigned?.(assignment);
      positions.assign(assignment);
      log.info({ group: groupId, assignment }, 'joined the consumer group');
    },
    onFetched: (fetched) => apply(fetched).catch(passOrCrash),
    onSkipped: pass,
    onRestart: (err) => log.warn({ err, group: groupId }, 'consumer restarts after a fault'),
    onCrash: crash,
  });
  const hints = options.commitHints ? hintOffsets(consumer, progress, log) : undefined;

  return {
    progress,
    pause: unreadable.pause,
    resume: unreadable.resume,
    reposition: positions.restart,
    unreadable: unreadable.list,
    done,
    async close() {
      stop.abort();
      generation.abort();
      unreadable.close();
      await slots.idle();
      await hints?.close();
      await consumer.close();
    },
  };

  async function apply(fetched: Fetched) {
    const { topic, partition } = fetched;
    await keepAlive(fetched.heartbeat, stop.signal, async (signal) => {
      const release = await slots.take(partitionName(topic, partition), signal);
      if (!release) return;
      let handedOver = false;
      try {
        const damage = await findDamage(admin, fetched, log);
        const fromOffset = await positions.nextOffset(topic, partition);
        if (signal.aborted || !fetched.isCurrent() || fromOffset === undefined) return;
        if (damage) unreadable.stop(topic, partition, damage);
        else unreadable.passed(topic, partition);
        const batch = toBatch(fetched, { fromOffset, damage, traces: options.traces === true });
        if (batch.records.length === 0) {
          fetched.resolve(batch.nextOffset);
          if (batch.nextOffset > fromOffset) pass(topic, partition, batch.nextOffset);
          return;
        }
        const wentBack = fetched.firstOffset < fromOffset;
        if (!options.readAhead) {
          if (await applyFrom(batch, wentBack, signal)) fetched.resolve(batch.nextOffset);
          return;
        }
        fetched.resolve(batch.nextOffset);
        handedOver = true;
        applyFrom(batch, wentBack, generation.signal).catch(moveOrCrash(batch)).finally(release);
      } finally {
        if (!handedOver) release();
      }
    });
  }

  /** Nothing of a batch's records is left to do before this offset. The checkpoint moves with the next batch that has some. */
  function pass(topic: string, partition: number, nextOffset: bigint) {
    progress.pass(topic, partition, nextOffset);
    onSkipped?.(topic, partition, nextOffset);
  }

  /**
   * False when the batch is to come again, or is no longer ours. kafkajs goes back by itself when an offset is out of range,
   * which only the checkpoint can explain.
   */
  async function applyFrom(batch: Batch, wentBack: boolean, signal: AbortSignal): Promise<boolean> {
    const { topic, partition, fromOffset } = batch;
    try {
      if (wentBack) throw new CheckpointMismatch('reading went back');
      await onBatch(batch, signal);
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof CheckpointMismatch)) throw error;
      const level = error.reason === 'verify' ? 'debug' : 'warn';
      log[level]({ topic, partition, offset: fromOffset, reason: error.message }, 'moving to the checkpoint');
      positions.restart(topic, partition);
      return false;
    }
    if (signal.aborted) return false;
    positions.advance(topic, partition, batch.nextOffset);
    progress.advance(batch);
    return true;
  }

  /** What kafkajs throws (rebalance, lost connection) it also mends; anything else is ours, and ends the process. */
  function passOrCrash(error: unknown): never {
    if (!isKafkaFault(error) && !stop.signal.aborted) crash(error);
    throw error;
  }

  /** The same when kafkajs has continued already. */
  function moveOrCrash({ topic, partition }: Batch) {
    return (error: unknown): void => (isKafkaFault(error) ? positions.restart(topic, partition) : crash(error));
  }
}
