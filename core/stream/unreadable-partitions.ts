import type { Log } from '../log/create-log.ts';
import type { KafkaConsumer, UnreadableBatch } from './kafka-consumer.ts';
import { partitionName } from './partition-name.ts';

/** A partition that is not read on, because the batch of these offsets can't be read. */
export type UnreadablePartition = UnreadableBatch & { readonly topic: string; readonly partition: number };

export type UnreadablePartitions = {
  /** Stops reading the partition there. */
  stop(topic: string, partition: number, batch: UnreadableBatch): void;
  /** The partition was read past what stopped it. */
  passed(topic: string, partition: number): void;
  /** All partitions are read again, from wherever the group has them begin. */
  reset(): void;
  list(): readonly UnreadablePartition[];
  /** Pauses and resumes for a reason of the caller's own: a partition is read while neither stands against it. */
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  close(): void;
};

const RETRY_MS = 5_000;

/**
 * The partitions that stand at a batch that can't be read, while all others are read on. Each is tried again every few
 * seconds: somebody may have decided to skip the batch, or retention may have removed it.
 */
export function createUnreadablePartitions(
  consumer: Pick<KafkaConsumer, 'pause' | 'resume'>,
  log: Log,
  onChange: (list: readonly UnreadablePartition[]) => void,
): UnreadablePartitions {
  const stopped = new Map<string, UnreadablePartition>();
  const reported = new Set<string>();
  const paused = new Set<string>();
  const timer = setInterval(retryAll, RETRY_MS);
  timer.unref();

  return {
    stop(topic, partition, batch) {
      const name = partitionName(topic, partition);
      const before = stopped.get(name);
      stopped.set(name, { topic, partition, ...batch });
      consumer.pause(topic, partition);
      if (before?.firstOffset !== batch.firstOffset) onChange(list());
      report(topic, partition, batch);
    },
    passed(topic, partition) {
      if (stopped.delete(partitionName(topic, partition))) onChange(list());
    },
    reset() {
      if (stopped.size === 0) return;
      retryAll();
      stopped.clear();
      onChange([]);
    },
    list,
    pause(topic, partition) {
      paused.add(partitionName(topic, partition));
      consumer.pause(topic, partition);
    },
    resume(topic, partition) {
      paused.delete(partitionName(topic, partition));
      if (!stopped.has(partitionName(topic, partition))) consumer.resume(topic, partition);
    },
    close: () => clearInterval(timer),
  };

  function list(): UnreadablePartition[] {
    return [...stopped.values()];
  }

  function retryAll() {
    for (const [name, { topic, partition }] of stopped) if (!paused.has(name)) consumer.resume(topic, partition);
  }

  function report(topic: string, partition: number, { firstOffset, lastOffset, reason }: UnreadableBatch) {
    const key = `${partitionName(topic, partition)}:${firstOffset}`;
    if (reported.has(key)) return;
    reported.add(key);
    log.error(
      { topic, partition, offset: firstOffset, last_offset: lastOffset, reason },
      'the partition is not read on: a batch can not be read',
    );
  }
}
