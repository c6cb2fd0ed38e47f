import { readConfig } from '@millrace/core/config/read-config';
import { type Environment, withAddresses } from '@millrace/core/config/with-addresses';
import type { Stack } from './stack.ts';

/** Parts somebody else runs: KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL say where, else they are those of `make up`. */
export function externalStack(env: Environment): Stack {
  const { kafka, registryUrl, databaseUrl } = readConfig(withAddresses(env));
  return { kafkaBrokers: kafka.brokers.join(','), registryUrl, databaseUrl, close: async () => {} };
}
