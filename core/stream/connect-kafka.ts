import type { Log } from '../log/create-log.ts';
import type { Kafka } from './kafka.ts';
import { openKafkajsAdmin } from './kafkajs-admin.ts';
import { createKafkajsConsumer } from './kafkajs-consumer.ts';
import { openKafkajsProducer, openKafkajsTransactions } from './kafkajs-producer.ts';
import { loadKafkajs, readUncommitted } from './patch-kafkajs.ts';

const kafkajs = loadKafkajs();

export type KafkaSettings = { readonly brokers: readonly string[]; readonly clientId: string; readonly log: Log };

/** A client without an open connection yet. Its own log lines come as ours, one level down: we report what matters ourselves. */
export function connectKafka({ brokers, clientId, log }: KafkaSettings): Kafka {
  const client = new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message, timestamp: _time, logger: _logger, ...fields } }) =>
        log.debug({ kafkajs: namespace, ...fields }, message),
  });
  return {
    openAdmin: (options) => openKafkajsAdmin(options?.readUncommitted ? readUncommitted(client) : client),
    openProducer: ({ onPartitions }) => openKafkajsProducer(client, onPartitions),
    openTransactionalProducer: (id, timeoutMs) => openKafkajsTransactions(client, id, timeoutMs),
    createConsumer: (settings) => createKafkajsConsumer(client, settings),
  };
}
