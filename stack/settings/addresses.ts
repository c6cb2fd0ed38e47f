import { type Environment, localAddress, withAddresses } from '@millrace/core/config/with-addresses';
import type { StackSettings } from './stack-settings.ts';

/** How a program reaches the three parts. */
export type Addresses = {
  /** `host:port` */
  readonly kafkaBrokers: string;
  /** The registry's Confluent API. */
  readonly registryUrl: string;
  /** `mysql://user:password@host:port/name` */
  readonly databaseUrl: string;
};

export const addressesOf = ({ kafka, registry, mysql }: StackSettings['ports'], password: string): Addresses => ({
  kafkaBrokers: localAddress.kafkaBrokers(kafka),
  registryUrl: localAddress.registryUrl(registry),
  databaseUrl: localAddress.databaseUrl(mysql, password),
});

/** Those that the environment gives, and for the others where this stack has them. */
export function addressesIn(env: Environment): Addresses {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL } = withAddresses(env);
  return { kafkaBrokers: KAFKA_BROKERS, registryUrl: SCHEMA_REGISTRY_URL, databaseUrl: DATABASE_URL };
}

/** The same as the services' environment variables. */
export const environmentOf = ({ kafkaBrokers, registryUrl, databaseUrl }: Addresses) => ({
  KAFKA_BROKERS: kafkaBrokers,
  SCHEMA_REGISTRY_URL: registryUrl,
  DATABASE_URL: databaseUrl,
});
