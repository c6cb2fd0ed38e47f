import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, type Log } from '@millrace/core/log/create-log';
import type { Value } from '@millrace/core/schema/from-json';
import { loadStreamsIfAny } from '@millrace/core/schema/load-streams';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import type { Acknowledged, LaneRecord } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import type { Kafka } from '@millrace/core/stream/kafka';
import { openRegistry, type Registry } from '@millrace/core/stream/open-registry';
import { holdAlone } from './hold-alone.ts';
import { produceRaw, produceValues, readTopic, type TopicRecord } from './own-topic.ts';
import { type RunningService, type StartOptions, serviceMain, startService } from './start-service.ts';
import { createTestNames } from './test-names.ts';
import { copyShippedSchemas, writeSchema } from './write-schema.ts';

/** Where the real parts are, shared with other worlds. */
export type Addresses = { readonly kafkaBrokers: string; readonly registryUrl: string; readonly databaseUrl?: string };

export type WorldOptions = {
  /**
   * The stream's schemas, each by the path that its file would have, without `.avsc`: `fitness/running`. Streams get names
   * nobody else has and are found again under that path. `shipped` has copies of the schemas of Millrace under their own names:
   * such worlds are opened one after the other, as they share topics.
   */
  readonly schemas: Readonly<Record<string, object>> | 'shipped';
  /** Further settings of every service of this world. */
  readonly env?: Readonly<Record<string, string>>;
};

export type World = {
  /** Begins every name in this world. */
  readonly id: string;
  readonly schemasDir: string;
  /** The services' data folder. */
  readonly dataDir: string;
  /** The settings of every service that runs in this world. */
  readonly env: Readonly<Record<string, string>>;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly registry: Registry;
  readonly log: Log;
  readonly streams: readonly Stream[];
  /** The stream of the schema with this path; of the only one, where there is one. */
  stream(file?: string): Stream;
  /** Writes a further version of a schema, or another one, for services that are started later. */
  writeSchema(file: string, schema: object): Promise<void>;
  /** Writes values as the receiver would, or to partitions of the caller's choice; answers what Kafka acknowledged, in order. */
  publish(
    file: string,
    values: readonly Value[],
    toPartition?: (index: number) => number,
  ): Promise<(Acknowledged & { readonly value: Value })[]>;
  /** Writes records as they are. */
  publishRaw(file: string, records: readonly LaneRecord[]): Promise<Acknowledged[]>;
  /** All that a topic holds now, decoded, ordered by partition and offset. */
  read(file: string): Promise<TopicRecord[]>;
  /** Starts a service's own program, or another one of its folder, on a free port. It ends with the world. */
  start(
    service: string,
    options?: StartOptions & { readonly env?: Readonly<Record<string, string>>; readonly program?: string },
  ): Promise<RunningService>;
  /** Ends what was started, and removes topics and folders. */
  close(): Promise<void>;
};

/** A Millrace of its own on shared real parts: schemas, topics, groups and a data folder that no other test sees. */
export async function openWorld(at: Addresses, options: WorldOptions): Promise<World> {
  const { prefix: id } = createTestNames();
  const giveBack = options.schemas === 'shipped' ? await holdAlone(`shipped at ${at.kafkaBrokers}`) : undefined;
  const dir = await mkdtemp(join(tmpdir(), `millrace-${id}-`));
  const schemasDir = join(dir, 'schemas');
  const own = options.schemas === 'shipped' ? {} : options.schemas;
  await mkdir(schemasDir);
  if (options.schemas === 'shipped') await copyShippedSchemas(schemasDir);
  for (const [file, schema] of Object.entries(own)) await writeSchema(schemasDir, file, schema, id);
  const streams = await loadStreamsIfAny(schemasDir);
  const log = createLog({ name: 'test', level: 'silent' });
  const kafka = connectKafka({ brokers: at.kafkaBrokers.split(','), clientId: 'test', log });
  const admin = await kafka.openAdmin();
  const registry = openRegistry(at.registryUrl);
  await ensureTopics(admin, streams, 1);
  const running: RunningService[] = [];
  const dataDir = join(dir, 'data');
  const env = {
    KAFKA_BROKERS: at.kafkaBrokers,
    SCHEMA_REGISTRY_URL: at.registryUrl,
    ...(at.databaseUrl === undefined ? {} : { DATABASE_URL: at.databaseUrl }),
    SCHEMAS_DIR: schemasDir,
    DATA_DIR: dataDir,
    CONSUMER_GROUP_PREFIX: `${id}-`,
    SECRETS_KEY: `the-key-of-the-world-${id}`,
    ...options.env,
  };

  return {
    ...{ id, schemasDir, dataDir, env, kafka, admin, registry, log, streams, stream },
    writeSchema: (file, schema) => writeSchema(schemasDir, file, schema, id),
    publish: (file, values, toPartition) =>
      produceValues({ kafka, admin, registry }, stream(file), values, toPartition),
    publishRaw: (file, records) => produceRaw(kafka, stream(file), records),
    read: (file) => readTopic({ kafka, admin, registry, log }, stream(file)),
    async start(service, { program, env: more, ...startOptions } = {}) {
      const port = { [`${service.toUpperCase().replaceAll('-', '_')}_PORT`]: '0' };
      const main = serviceMain(service, program);
      const started = await startService(main, { ...port, ...env, ...more }, startOptions);
      running.push(started);
      return started;
    },
    async close() {
      await Promise.all(running.map((service) => service.kill()));
      await admin.deleteTopics(streams.flatMap(({ topic, deadLetterTopic }) => [topic, deadLetterTopic]));
      await admin.close();
      await rm(dir, { recursive: true, force: true });
      await giveBack?.();
    },
  };

  function stream(file?: string): Stream {
    const found = file === undefined ? streams[0] : streams.find((each) => each.file === `${file}.avsc`);
    if (!found) throw new Error(`there is no schema ${file} in this world`);
    return found;
  }
}
