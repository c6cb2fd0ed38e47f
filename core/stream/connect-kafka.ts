import type { Admin, Kafka } from 'kafkajs';
import type { Log } from '../log/create-log.ts';
import { loadKafkajs } from './load-kafkajs.ts';

const kafkajs = loadKafkajs();

export type KafkaSettings = { readonly brokers: readonly string[]; readonly clientId: string; readonly log: Log };

/** A client without an open connection yet. Its own log lines come as ours, one level down: we report what matters ourselves. */
export function connectKafka({ brokers, clientId, log }: KafkaSettings): Kafka {
  return new kafkajs.Kafka({
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
}

/** An admin client; `close` disconnects it. */
export async function openAdmin(kafka: Kafka): Promise<Admin & { close(): Promise<void> }> {
  const admin = kafka.admin();
  await admin.connect();
  return Object.assign(admin, { close: () => admin.disconnect() });
}
