import { readConfig } from '@millrace/core/config/read-config';
import type { Stack } from './stack.ts';

/** Parts somebody else runs: KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL say where. */
export function externalStack(env: Readonly<Record<string, string | undefined>>): Stack {
  const { kafka, registryUrl, databaseUrl } = readConfig(env);
  return { kafkaBrokers: kafka.brokers.join(','), registryUrl, databaseUrl, close: async () => {} };
}
