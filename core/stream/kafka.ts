import type { Admin } from './admin.ts';
import type { KafkaConsumer, KafkaConsumerSettings } from './kafka-consumer.ts';
import type { KafkaProducer, TransactionalProducer } from './kafka-producer.ts';

/**
 * A Kafka cluster as the platform sees it. Connections are made on first use. Everything that is not in
 * `core/stream` knows the cluster by this type alone, so that another client library is a change of this folder.
 */
export type Kafka = {
  /**
   * A connection that asks and changes what the cluster holds. `readUncommitted` has it count the records of open
   * transactions, too, where it says where topics end.
   */
  openAdmin(options?: { readonly readUncommitted?: boolean }): Promise<Admin>;
  openProducer(options: { readonly onPartitions: (topic: string, count: number) => void }): Promise<KafkaProducer>;
  /** Writes records that nobody reads until they are committed. The broker ends a transaction after the timeout. */
  openTransactionalProducer(transactionalId: string, timeoutMs: number): Promise<TransactionalProducer>;
  createConsumer(settings: KafkaConsumerSettings): KafkaConsumer;
};
