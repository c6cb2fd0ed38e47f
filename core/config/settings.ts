import { join } from 'node:path';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { z } from 'zod';
import { logLevels } from '../log/create-log.ts';
import { rootDir } from './root-dir.ts';
import {
  addresses,
  directory,
  hostName,
  httpUrl,
  matching,
  mysqlUrl,
  oneOf,
  port,
  wholeNumber,
} from './setting-types.ts';

/** What people read about a setting. `shown` stands for a default that differs from machine to machine. */
type SettingDoc = { readonly initial: string; readonly doc: string; readonly shown?: string };

export const settingDocs = z.registry<SettingDoc>();

const setting = <Value>(initial: string, type: z.ZodType<Value, string>, doc: string, shown?: string) =>
  type.prefault(initial).register(settingDocs, shown === undefined ? { initial, doc } : { initial, doc, shown });

/** Every setting of every service: its environment variable, default, parser and meaning. */
export const settings = z.object({
  HOST: setting('127.0.0.1', hostName, 'The address every service listens on.'),
  PUBLISHED_HOST: setting(
    '',
    matching(/^[\w.:-]*$/, 'must be a host name or an IP address'),
    'In a container, where HOST is 0.0.0.0: the loopback address that its ports are published on.',
  ),
  RECEIVER_PORT: setting('8081', port, 'Where the receiver listens; 0 takes any free port.'),
  STORAGE_PORT: setting('8082', port, 'Where storage listens.'),
  ANALYZER_PORT: setting('8083', port, 'Where the analyzer listens.'),
  KAFKA_BROKERS: setting('127.0.0.1:9092', addresses, 'Kafka brokers as host:port, with commas between.'),
  SCHEMA_REGISTRY_URL: setting(
    'http://127.0.0.1:8181/apis/ccompat/v7',
    httpUrl,
    'A registry that speaks the Confluent API.',
  ),
  DATABASE_URL: setting(
    'mysql://millrace:millrace@127.0.0.1:3306/millrace',
    mysqlUrl,
    'MySQL 8 or MariaDB 11, as mysql://user:password@host:port/name.',
  ),
  SCHEMAS_DIR: setting(schemasDir, directory, 'The folder of the schema files.', 'the schemas that ship with Millrace'),
  DATA_DIR: setting(
    join(rootDir, '.data'),
    directory,
    "Where data lives between runs; a relative path is from Millrace's own folder.",
    ".data in Millrace's own folder",
  ),
  LOG_LEVEL: setting('info', oneOf(logLevels), `How much is logged: ${logLevels.join(', ')}.`),
  AUTH: setting(
    'open',
    oneOf(['open', 'required']).refine((auth) => auth === 'open', {
      error: 'must be open: no service checks tokens yet',
    }),
    'Whether every route needs a bearer token: only open, as no service checks tokens yet; it needs a loopback address.',
  ),
  CONSUMER_GROUP_PREFIX: setting(
    '',
    matching(/^[\w.-]*$/, 'may hold only letters, digits, dots, dashes and underscores'),
    'Put before every consumer group, so that two Millraces can share a Kafka.',
  ),
  REPLICATION_FACTOR: setting('1', wholeNumber(1, 32_767), 'Copies of every new topic; 3 where a disk may be lost.'),
  STUCK_AFTER_MS: setting('30000', wholeNumber(100), 'Not ready once records wait this long and none is done.'),
  PRODUCE_DEADLINE_MS: setting('5000', wholeNumber(1), 'How long the receiver waits for Kafka before it answers 503.'),
  MAX_IN_FLIGHT_RECORDS: setting('20000', wholeNumber(1), 'Records in the receiver at once; more are answered 503.'),
  MAX_IN_FLIGHT_BYTES: setting('67108864', wholeNumber(1), 'Bytes of them at once.'),
  MAX_BODY_BYTES: setting('5242880', wholeNumber(1), 'The largest request body, as sent and as inflated.'),
  RATE_LIMIT: setting(
    '0',
    wholeNumber(0),
    'Requests a second that the receiver takes of one client; 0 takes any number.',
  ),
  ANALYZER_CLOCK_SKEW_MS: setting('100', wholeNumber(0), "How far the brokers' clocks may be apart."),
  DUCKDB_MEMORY_LIMIT: setting(
    '256MB',
    matching(/^\d+(?:\.\d+)?\s?(?:[KMGT]i?B)$/i, 'must be a size such as 256MB or 1GiB'),
    'Memory for DuckDB in the analyzer.',
  ),
  DUCKDB_THREADS: setting('2', wholeNumber(1, 1_024), 'Threads that DuckDB computes statistics with.'),
  STATS_BUDGET_MS: setting('10000', wholeNumber(1), 'How long one question about statistics may take; then 504.'),
});

export type Settings = z.output<typeof settings>;
