import type { EachBatchPayload, Kafka as Kafkajs } from 'kafkajs';
import { assignTogether } from './assign-together.ts';
import type { ConsumedRecord } from './consumed-record.ts';
import type {
  ConsumerEvents,
  Fetched,
  KafkaConsumer,
  KafkaConsumerSettings,
  UnreadableBatch,
} from './kafka-consumer.ts';
import { unreadableOf } from './read-batches.ts';

/** How soon partitions that were added, and topics that were missing, are noticed and shared out. */
const METADATA_MAX_AGE_MS = 5_000;
const NOTHING_UNREADABLE: readonly UnreadableBatch[] = [];

export function createKafkajsConsumer(kafka: Kafkajs, settings: KafkaConsumerSettings): KafkaConsumer {
  const { groupId, topics, maxBytesPerPartition, concurrency } = settings;
  const client = kafka.consumer({
    groupId,
    sessionTimeout: 10_000,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 250,
    maxBytesPerPartition,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    ...(settings.together && { partitionAssigners: [assignTogether] }),
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => true },
  });

  return {
    async start(events) {
      listen(events);
      await client.connect();
      await client.subscribe({ topics: [...topics], fromBeginning: true });
      await client.run({
        eachBatchAutoResolve: false,
        autoCommit: false,
        partitionsConsumedConcurrently: concurrency,
        async eachBatch(payload) {
          const { isRunning, isStale, batch } = payload;
          if (isRunning() && !isStale() && !batch.isEmpty()) await events.onFetched(toFetched(payload));
        },
      });
    },
    seek: (topic, partition, offset) => client.seek({ topic, partition, offset: offset.toString() }),
    pause: (topic, partition) => client.pause([{ topic, partitions: [partition] }]),
    resume: (topic, partition) => client.resume([{ topic, partitions: [partition] }]),
    commitOffsets: (offsets) =>
      client.commitOffsets(offsets.map((each) => ({ ...each, offset: each.offset.toString() }))),
    close: () => client.disconnect(),
  };

  function listen({ onAssigned, onRestart, onCrash, onSkipped }: ConsumerEvents) {
    client.on(client.events.GROUP_JOIN, ({ payload }) => onAssigned(payload.memberAssignment));
    client.on(client.events.CRASH, ({ payload: { restart, error } }) => (restart ? onRestart(error) : onCrash(error)));
    client.on(client.events.END_BATCH_PROCESS, ({ payload: { batchSize, topic, partition, lastOffset } }) => {
      if (batchSize === 0) onSkipped(topic, partition, BigInt(lastOffset) + 1n);
    });
  }
}

function toFetched({ batch, heartbeat, resolveOffset, isRunning, isStale }: EachBatchPayload): Fetched {
  const records: ConsumedRecord[] = [];
  let unreadable: UnreadableBatch[] | undefined;
  for (const message of batch.messages) {
    const damage = unreadableOf(message);
    if (damage) {
      unreadable ??= [];
      unreadable.push(damage);
      continue;
    }
    const { offset, key, value, headers, timestamp } = message;
    records.push({ offset: BigInt(offset), key, value, headers: headers ?? {}, appendTime: Number(timestamp) });
  }
  return {
    topic: batch.topic,
    partition: batch.partition,
    records,
    unreadable: unreadable ?? NOTHING_UNREADABLE,
    firstOffset: BigInt(batch.firstOffset() ?? 0),
    nextOffset: BigInt(batch.lastOffset()) + 1n,
    logEndOffset: BigInt(batch.highWatermark),
    heartbeat,
    resolve: (nextOffset) => resolveOffset(String(nextOffset - 1n)),
    isCurrent: () => isRunning() && !isStale(),
  };
}
