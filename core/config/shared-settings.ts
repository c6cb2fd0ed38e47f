import { join } from 'node:path';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { z } from 'zod';
import { logLevels } from '../log/create-log.ts';
import { rootDir } from './root-dir.ts';
import { setting } from './setting.ts';
import {
  addresses,
  directory,
  hostName,
  hostNames,
  httpUrl,
  issuerUrl,
  matching,
  mysqlUrl,
  oneOf,
  wholeNumber,
} from './setting-types.ts';

/** The settings that all services share: environment variable, default, parser and meaning. */
export const sharedSettings = z.object({
  HOST: setting('127.0.0.1', hostName, 'The address every service listens on.'),
  PUBLISHED_HOST: setting(
    '',
    matching(/^[\w.:-]*$/, 'must be a host name or an IP address'),
    'In a container, where HOST is 0.0.0.0: the loopback address that its ports are published on.',
  ),
  ALLOWED_HOSTS: setting(
    '',
    hostNames,
    'Names besides loopback ones that requests may call a service by, with commas between; others are answered 421.',
  ),
  KAFKA_BROKERS: setting('127.0.0.1:9092', addresses, 'Kafka brokers as host:port, with commas between.'),
  SCHEMA_REGISTRY_URL: setting(
    'http://127.0.0.1:8181/apis/ccompat/v7',
    httpUrl,
    'A registry that speaks the Confluent API.',
  ),
  DATABASE_URL: setting(
    'mysql://millrace@127.0.0.1:3306/millrace',
    mysqlUrl,
    'MySQL 8 or MariaDB 11, as mysql://user:password@host:port/name.',
    'the database of make up, with the password that it made',
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
    oneOf(['open', 'required']),
    'Whether every route needs a bearer token: required, or open, which needs a loopback address.',
  ),
  AUTH_URL: setting(
    '',
    issuerUrl,
    'Where tokens are issued, which every token names as its issuer; without it, http://127.0.0.1 with AUTH_PORT.',
  ),
  AUTH_ISSUER: setting(
    '',
    issuerUrl,
    'An outside OpenID Connect issuer whose tokens are taken in the place of ours; it is found by discovery.',
  ),
  AUTH_AUDIENCE: setting(
    'millrace',
    matching(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable characters without a space'),
    'What every token names as its audience.',
  ),
  CONSUMER_GROUP_PREFIX: setting(
    '',
    matching(/^[\w.-]*$/, 'may hold only letters, digits, dots, dashes and underscores'),
    'Put before every consumer group, so that two Millraces can share a Kafka.',
  ),
  REPLICATION_FACTOR: setting('1', wholeNumber(1, 32_767), 'Copies of every new topic; 3 where a disk may be lost.'),
  STUCK_AFTER_MS: setting('30000', wholeNumber(100), 'Not ready once records wait this long and none is done.'),
});

export type SharedSettings = z.output<typeof sharedSettings>;
