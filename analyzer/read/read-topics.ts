import { Problem } from '@millrace/core/problem/problem';
import { retry } from '@millrace/core/retry/retry';
import type { Stream } from '@millrace/core/schema/stream';
import { CheckpointMismatch } from '@millrace/core/stream/checkpoint-mismatch';
import { type Batch, type ConsumeOptions, type Consumption, consume } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { Registry } from '@millrace/core/stream/open-registry';
import { partitionName } from '@millrace/core/stream/partition-name';
import type { UnreadablePartition } from '@millrace/core/stream/unreadable-partitions';
import { TopicChanged } from '../order/topic-changed.ts';
import { type Identity, identityOf } from '../store/identity.ts';
import { fastBlockReader } from './fast-block-reader.ts';
import { blockReader, type ReadBlock } from './read-block.ts';

/** Where reading a partition begins. Partitions without one are read from their oldest record. */
export type PartitionStart = {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly orderTime: number;
  /** A record read before, which the topic must still have; reading begins at it. */
  readonly last: Identity | undefined;
};

export type ReadOptions = Pick<ConsumeOptions, 'kafka' | 'admin' | 'groupId' | 'log'> & {
  readonly streams: readonly Stream[];
  readonly registry: Registry;
  readonly starts: readonly PartitionStart[];
  /** The partition is read on when it resolves. */
  readonly onRead: (topic: string, partition: number, read: ReadBlock) => Promise<void>;
  /** Published of each schema that the registry knows, before the first record that was written under it. */
  readonly onWriter: (topic: string, schemaId: number) => void;
  readonly onSkipped: (topic: string, partition: number, nextOffset: bigint) => void;
  /** Published of the partitions that stand at a batch that can't be read, whenever that changes. */
  readonly onUnreadable: (partitions: readonly UnreadablePartition[]) => void;
};

type Reading = {
  nextOffset: bigint;
  orderTime: number;
  last: Identity | undefined;
  toVerify: boolean;
  /** Since when all there was has been read; undefined when there was more. */
  endedAt: number | undefined;
};

/** The quiet time after which the last record is compared again: a topic can't be recreated and filled past it in less. */
const QUIET_MS = 100;

/**
 * Reads all streams' topics into blocks, each partition in order. `done` rejects with `TopicChanged` when a topic does not
 * hold what was read from it before.
 */
export function readTopics(options: ReadOptions): Promise<Consumption> {
  const { starts, onRead, onSkipped } = options;
  const readings = new Map<string, Reading>(
    starts.map(({ topic, partition, ...from }) => [
      partitionName(topic, partition),
      { ...from, toVerify: true, endedAt: undefined },
    ]),
  );
  const byTopic = new Map(
    options.streams.map((stream) => {
      const registry = watchedRegistry(stream);
      const readFast = fastBlockReader(stream, registry);
      return [stream.topic, { stream, readFast, readBlock: blockReader(stream, createDecoder(registry, stream)) }];
    }),
  );

  return consume({
    ...options,
    topics: [...byTopic.keys()],
    commitHints: false,
    async checkpoint(topic, partition) {
      const reading = readings.get(partitionName(topic, partition));
      if (!reading) return undefined;
      reading.toVerify = true;
      return reading.last?.offset ?? reading.nextOffset;
    },
    async onShrunk(topic, partition, _checkpoint, logEndOffset) {
      throw new TopicChanged(
        topicOf(topic).stream,
        `partition ${partition} ends at ${logEndOffset}, before what was read`,
      );
    },
    onBatch: readBatch,
    onSkipped,
  });

  /** Readers ask for each schema once. */
  function watchedRegistry({ topic }: Stream): Registry {
    return {
      ...options.registry,
      async writerType(schemaId) {
        const writer = await options.registry.writerType(schemaId);
        if (writer) options.onWriter(topic, schemaId);
        return writer;
      },
    };
  }

  async function readBatch(batch: Batch, signal: AbortSignal): Promise<void> {
    const { topic, partition } = batch;
    const { stream, readFast, readBlock } = topicOf(topic);
    const reading = readingOf(topic, partition);
    lookAgain(reading);
    verify(stream, reading, batch);
    const records = batch.records.filter(({ offset }) => offset >= reading.nextOffset);
    const reachesEnd = batch.nextOffset >= batch.logEndOffset;
    if (records.length === 0) {
      reading.endedAt = reachesEnd ? performance.now() : undefined;
      onSkipped(topic, partition, batch.nextOffset);
      return;
    }
    const fresh = { ...batch, records };
    const read = await retry(
      { while: isRetriable, signal, report: { log: options.log, message: 'waiting for the schema registry' } },
      async () => (await readFast(fresh, reading.orderTime)) ?? readBlock(fresh, reading.orderTime),
    );
    Object.assign(reading, read.end);
    await onRead(topic, partition, read);
    reading.endedAt = reachesEnd ? performance.now() : undefined;
  }

  function topicOf(topic: string) {
    const found = byTopic.get(topic);
    if (!found) throw new Error(`${topic} is not a topic of these streams`);
    return found;
  }

  function readingOf(topic: string, partition: number): Reading {
    const name = partitionName(topic, partition);
    const reading = readings.get(name) ?? {
      nextOffset: 0n,
      orderTime: -1,
      last: undefined,
      toVerify: false,
      endedAt: undefined,
    };
    readings.set(name, reading);
    return reading;
  }
}

const isRetriable = (error: unknown) => error instanceof Problem && error.retriable;

/** After a quiet time, has the partition read from its last record on, so that a topic recreated meanwhile is noticed. */
function lookAgain(reading: Reading) {
  const { endedAt, toVerify, last } = reading;
  if (endedAt === undefined || toVerify || !last || performance.now() - endedAt < QUIET_MS) return;
  reading.endedAt = undefined;
  throw new CheckpointMismatch('the partition was quiet', { reason: 'verify' });
}

/** Compares the record that was read last with what the topic has in its place; retention may have taken it away. */
function verify(stream: Stream, reading: Reading, { partition, records }: Batch) {
  const [first] = records;
  if (!reading.toVerify || !reading.last || !first) return;
  reading.toVerify = false;
  const { offset, appendTime, hash } = reading.last;
  if (first.offset !== offset) return;
  const found = identityOf(first);
  if (found.appendTime !== appendTime || (hash !== undefined && found.hash !== hash))
    throw new TopicChanged(stream, `partition ${partition} has another record at offset ${offset} than it had`);
}
