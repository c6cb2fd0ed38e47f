import { type Fault, Problem } from '../problem/problem.ts';
import { isLoopback } from './is-loopback.ts';
import { type Settings, settings } from './settings.ts';

export type Config = ReturnType<typeof configOf>;

const configOf = (values: Settings) => ({
  host: values.HOST,
  publishedHost: values.PUBLISHED_HOST,
  ports: { receiver: values.RECEIVER_PORT, storage: values.STORAGE_PORT, analyzer: values.ANALYZER_PORT },
  kafka: {
    brokers: values.KAFKA_BROKERS,
    groupPrefix: values.CONSUMER_GROUP_PREFIX,
    replicationFactor: values.REPLICATION_FACTOR,
  },
  registryUrl: values.SCHEMA_REGISTRY_URL,
  databaseUrl: values.DATABASE_URL,
  schemasDir: values.SCHEMAS_DIR,
  dataDir: values.DATA_DIR,
  logLevel: values.LOG_LEVEL,
  auth: values.AUTH,
  stuckAfterMs: values.STUCK_AFTER_MS,
  receiver: {
    produceDeadlineMs: values.PRODUCE_DEADLINE_MS,
    maxInFlightRecords: values.MAX_IN_FLIGHT_RECORDS,
    maxInFlightBytes: values.MAX_IN_FLIGHT_BYTES,
    maxBodyBytes: values.MAX_BODY_BYTES,
    rateLimit: values.RATE_LIMIT,
  },
  analyzer: {
    clockSkewMs: values.ANALYZER_CLOCK_SKEW_MS,
    duckdbMemoryLimit: values.DUCKDB_MEMORY_LIMIT,
    duckdbThreads: values.DUCKDB_THREADS,
    statsBudgetMs: values.STATS_BUDGET_MS,
  },
});

/** A container has to listen on all of its addresses, so there the address that its ports are published on counts. */
function openToOthers({ HOST, PUBLISHED_HOST }: Readonly<Record<string, string>>): Fault[] {
  const name = PUBLISHED_HOST === undefined ? 'HOST' : 'PUBLISHED_HOST';
  const reached = PUBLISHED_HOST ?? HOST;
  return reached !== undefined && !isLoopback(reached) ? [{ pointer: `/${name}`, message: NOT_LOOPBACK }] : [];
}

const NOT_LOOPBACK =
  'must be a loopback address, as no service checks tokens yet: others could read and write everything. In a container ' +
  'set PUBLISHED_HOST to the loopback address that its ports are published on';

/**
 * The settings of an environment such as `process.env`. An unset or empty variable means the default. Throws one
 * `invalid-config` with every fault, its pointer being `/<VARIABLE>`; values are not repeated, as some are secret.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given: Readonly<Record<string, string>> = Object.fromEntries(
    Object.keys(settings.shape).flatMap((name) => {
      const value = env[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const parsed = settings.safeParse(given);
  const invalid = (parsed.error?.issues ?? []).map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
  const errors = [
    ...invalid,
    ...openToOthers(given).filter(({ pointer }) => !invalid.some((fault) => fault.pointer === pointer)),
  ];
  if (parsed.success && errors.length === 0) return configOf(parsed.data);
  const count = errors.length === 1 ? '1 invalid setting' : `${errors.length} invalid settings`;
  throw new Problem('invalid-config', count, { errors });
}
