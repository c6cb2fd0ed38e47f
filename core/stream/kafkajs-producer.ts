import type { Kafka as Kafkajs, Message } from 'kafkajs';
import type { KafkaProducer, TransactionalProducer, WrittenRecord } from './kafka-producer.ts';

const ALL = -1;
/** How soon a partition that was added can be written to. */
const METADATA_MAX_AGE_MS = 15_000;

/**
 * Not the idempotent producer, which can lose a batch on retry: a repeat is harmless downstream, because `event_id` is
 * unique there.
 */
export async function openKafkajsProducer(
  kafka: Kafkajs,
  onPartitions: (topic: string, count: number) => void,
): Promise<KafkaProducer> {
  const client = kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    createPartitioner:
      () =>
      ({ topic, partitionMetadata, message }) => {
        onPartitions(topic, partitionMetadata.length);
        return message.partition ?? 0;
      },
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
  });
  await client.connect();
  return {
    async send(topic, records) {
      const written = await client.send({ topic, acks: ALL, messages: asMessages(records) });
      return new Map(written.map(({ partition, baseOffset }) => [partition, BigInt(baseOffset ?? 0)]));
    },
    close: () => client.disconnect(),
  };
}

export async function openKafkajsTransactions(
  kafka: Kafkajs,
  transactionalId: string,
  timeoutMs: number,
): Promise<TransactionalProducer> {
  const client = kafka.producer({
    ...{ transactionalId, transactionTimeout: timeoutMs },
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  await client.connect();
  return {
    async begin() {
      const transaction = await client.transaction();
      return {
        async send(topic, records) {
          await transaction.send({ topic, acks: ALL, messages: asMessages(records) });
        },
        commit: () => transaction.commit(),
        abort: () => transaction.abort(),
      };
    },
    close: () => client.disconnect(),
  };
}

/** kafkajs's type has no null in headers, and no lists that can't be changed; what encodes them here takes both. */
const asMessages = (records: readonly WrittenRecord[]) => records as Message[];
