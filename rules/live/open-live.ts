import { type Watched, watchEnds } from '@millrace/core/order/watch-ends';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { CheckpointMismatch } from '@millrace/core/stream/checkpoint-mismatch';
import { type Batch, type Consumption, consume } from '@millrace/core/stream/consume';
import type { Kafka } from '@millrace/core/stream/kafka';
import { isUnknownTopic } from '@millrace/core/stream/kafka-fault';
import { partitionName } from '@millrace/core/stream/partition-name';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import type { ReadEntries } from '../read/read-entries.ts';
import { createPartitions, type PartitionOptions } from './partitions.ts';
import type { PartitionRun } from './run-partition.ts';

export type LiveOptions = Omit<PartitionOptions, 'admin'> & {
  readonly kafka: Kafka;
  readonly admin: Admin;
  /** An admin that counts the records of open transactions where it says where topics end. */
  readonly ends: Pick<Admin, 'fetchOffsets'>;
  /** By topic. */
  readonly readers: ReadonlyMap<string, ReadEntries>;
  readonly groupPrefix: string;
  readonly clockSkewMs: number;
  readonly onFaults: (topic: string, faults: readonly string[]) => void;
};

export type Live = {
  readonly done: Promise<never>;
  readonly consumption: Consumption;
  partitions(): readonly PartitionRun[];
  close(): Promise<void>;
};

/** Entries of one lane in memory, past which it is not read on. */
const AHEAD = 24_576;

/** A topic that was deleted is made again by the service, and read from its start: until then the order waits. */
function refuse(error: unknown): never {
  throw isUnknownTopic(error) ? new Error('the topic is missing', { cause: error }) : error;
}

/** Evaluates the account partitions that the group gives to this process, as they grow. */
export async function openLive(options: LiveOptions): Promise<Live> {
  const { kafka, admin, ends, subjects, rules, readers, log, clockSkewMs } = options;
  const streams = [...subjects.read.values()];
  const paused = new Map<string, { readonly topic: string; readonly partition: number }>();
  const stop = new AbortController();
  const { promise: broken, reject: onCrash } = withResolvers<never>();
  broken.catch(() => undefined);
  const consuming = withResolvers<Consumption>();

  const watch = watchEnds({
    topics: [...streams, subjects.roles.rules].map(watched),
    endOffsets: (topic) => topicOffsets(ends, topic).catch(refuse),
    ...{ missing: new Set<string>(), clockSkewMs, log },
    onMoved() {
      for (const run of partitions.all()) run.notify();
    },
  });
  rules.catalog.onAdded(noticeAll);
  const partitions = createPartitions(options, {
    onCrash,
    onTaken: resume,
    onOpened(run, isNew) {
      void consuming.promise.then((running) => readLanes(running, run, isNew));
      noticeAll();
    },
  });
  const consumption = await consume({
    ...{ kafka, admin, log, commitHints: false, readAhead: true, together: true },
    groupId: `${options.groupPrefix}rules`,
    topics: streams.map(({ topic }) => topic),
    onAssigned: (assignment) => partitions.assign(new Set(Object.values(assignment).flat())),
    checkpoint: async (topic, partition) => (await partitions.when(partition))?.engine.nextOffset(topic, partition),
    onShrunk: async (_, partition) => partitions.reopen(partition),
    onBatch: push,
    onSkipped(topic, partition, nextOffset) {
      const run = partitions.get(partition);
      run?.engine.skipTo(topic, partition, nextOffset);
      run?.notify();
    },
  });
  consuming.resolve(consumption);
  const watching = watch.run(stop.signal);
  watching.catch(onCrash);
  consumption.done.catch(onCrash);

  return {
    done: broken,
    consumption,
    partitions: partitions.all,
    async close() {
      stop.abort();
      await consumption.close();
      await partitions.close();
      await watching.catch(() => undefined);
    },
  };

  /** Reads what the order needs, and nothing else. */
  function readLanes(running: Consumption, { partition, engine }: PartitionRun, isNew: boolean): void {
    for (const { topic } of streams) {
      if (engine.nextOffset(topic, partition) === undefined) {
        running.pause(topic, partition);
        continue;
      }
      running.resume(topic, partition);
      if (isNew) running.reposition(topic, partition);
    }
  }

  async function push({ topic, partition, fromOffset, nextOffset, records }: Batch): Promise<void> {
    const [run, read] = [partitions.get(partition), readers.get(topic)];
    if (!run) throw new CheckpointMismatch('the partition is being opened', { reason: 'verify' });
    const expected = run.engine.nextOffset(topic, partition);
    if (!read || expected === undefined) return (await consuming.promise).pause(topic, partition);
    if (fromOffset > expected)
      throw new CheckpointMismatch(`offset ${expected} is to be read next`, { reason: 'verify' });
    const fresh = records.filter(({ offset }) => offset >= expected);
    const { block, orderTime, faults } = await read(fresh, run.engine.orderTime(topic, partition));
    if (run.engine.nextOffset(topic, partition) !== expected || partitions.get(partition) !== run)
      throw new CheckpointMismatch('the partition was opened again', { reason: 'verify' });
    if (nextOffset > expected) run.engine.push(topic, partition, { nextOffset, orderTime, block });
    if (faults.length > 0) options.onFaults(topic, faults);
    if (run.engine.pending(topic, partition) > AHEAD) {
      paused.set(partitionName(topic, partition), { topic, partition });
      (await consuming.promise).pause(topic, partition);
    }
    run.notify();
    noticeAll();
  }

  function resume(partition: number): void {
    const run = partitions.get(partition);
    for (const [name, lane] of paused) {
      if (lane.partition !== partition || (run && run.engine.pending(lane.topic, partition) > AHEAD / 2)) continue;
      paused.delete(name);
      void consuming.promise.then((running) => running.resume(lane.topic, partition));
    }
  }

  /** What waits, waits for all topics. */
  function noticeAll(): void {
    for (const stream of streams) watch.notice(stream);
    watch.notice(subjects.roles.rules);
  }

  function watched(stream: Stream): Watched {
    const isRules = stream === subjects.roles.rules;
    return {
      stream,
      beginEndOffsetFetch() {
        const askedAt = Date.now();
        return (offsets) => {
          for (const { partition, lowOffset, logEndOffset } of offsets)
            for (const run of partitions.all()) {
              if (!isRules && run.partition !== partition) continue;
              const read = run.engine.nextOffset(stream.topic, partition);
              if (read !== undefined && (read >= logEndOffset || lowOffset >= logEndOffset))
                run.engine.completeBefore(stream.topic, partition, askedAt - clockSkewMs);
            }
        };
      },
      endOffsetFetchFailed: () => undefined,
      nextTime() {
        const times = partitions.all().flatMap(({ engine }) => engine.nextTime() ?? []);
        return times.length > 0 ? Math.min(...times) : undefined;
      },
    };
  }
}
