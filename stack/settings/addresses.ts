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

export const addressesOf = ({ kafka, registry, mysql }: StackSettings['ports']): Addresses => ({
  kafkaBrokers: `127.0.0.1:${kafka}`,
  registryUrl: `http://127.0.0.1:${registry}/apis/ccompat/v7`,
  databaseUrl: `mysql://millrace:millrace@127.0.0.1:${mysql}/millrace`,
});

/** The same as the services' environment variables. */
export const environmentOf = ({ kafkaBrokers, registryUrl, databaseUrl }: Addresses) => ({
  KAFKA_BROKERS: kafkaBrokers,
  SCHEMA_REGISTRY_URL: registryUrl,
  DATABASE_URL: databaseUrl,
});
