import { join, resolve } from 'node:path';
import { Problem } from '../problem/problem.ts';
import { readCredentials } from './credentials.ts';
import { rootDir } from './root-dir.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the parts of `make up` are reached, each on loopback. */
export const localAddress = {
  kafkaBrokers: (port: number | string) => `127.0.0.1:${port}`,
  registryUrl: (port: number | string) => `http://127.0.0.1:${port}/apis/ccompat/v7`,
  /** Without a password where none is known. */
  databaseUrl: (port: number | string, password?: string) =>
    `mysql://millrace${password === undefined ? '' : `:${encodeURIComponent(password)}`}@127.0.0.1:${port}/millrace`,
};

/** The ports of the parts, and where each listens unless its variable moves it. */
export const partPorts = { KAFKA_PORT: 9092, REGISTRY_PORT: 8181, MYSQL_PORT: 3306 } as const;

function portOf(env: Environment, variable: keyof typeof partPorts): number {
  const text = env[variable]?.trim() || String(partPorts[variable]);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  const errors = [{ pointer: `/${variable}`, message: 'must be a whole number from 1 to 65535' }];
  throw new Problem('invalid-config', '1 invalid setting', { errors });
}

const dataDirOf = ({ DATA_DIR }: Environment): string =>
  DATA_DIR?.trim() ? resolve(rootDir, DATA_DIR.trim()) : join(rootDir, '.data');

/**
 * The environment with the addresses of Kafka, the registry and the database that it does not give itself: those of
 * `make up` with the same environment, on the ports it moves them to and with the password it made.
 */
export function withAddresses<Given extends Environment>(env: Given) {
  const given = (name: string): string | undefined => (env[name]?.trim() ? env[name] : undefined);
  return {
    ...env,
    KAFKA_BROKERS: given('KAFKA_BROKERS') ?? localAddress.kafkaBrokers(portOf(env, 'KAFKA_PORT')),
    SCHEMA_REGISTRY_URL: given('SCHEMA_REGISTRY_URL') ?? localAddress.registryUrl(portOf(env, 'REGISTRY_PORT')),
    DATABASE_URL:
      given('DATABASE_URL') ??
      localAddress.databaseUrl(portOf(env, 'MYSQL_PORT'), readCredentials(dataDirOf(env))?.mysql.millrace),
  };
}
