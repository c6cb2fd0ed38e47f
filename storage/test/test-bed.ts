import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { createLog } from '@millrace/core/log/create-log';
import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import { loadStreams } from '@millrace/core/schema/load-streams';
import type { Stream } from '@millrace/core/schema/stream';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import { type Acknowledged, createProducer, type LaneRecord } from '@millrace/core/stream/create-producer';
import { ensureTopics, partitionCounts } from '@millrace/core/stream/ensure-topics';
import { keyOf } from '@millrace/core/stream/key-of';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { partitionOf } from '@millrace/core/stream/partition-of';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { type StorageProcess, startStorage } from './storage-process.ts';

export type Addresses = { readonly kafkaBrokers: string; readonly registryUrl: string; readonly databaseUrl: string };
export type TestBed = Awaited<ReturnType<typeof openTestBed>>;

const log = createLog({ name: 'test', level: 'silent' });
const LIMITS = { deadlineMs: 30_000, maxInFlightRecords: 1_000_000, maxInFlightBytes: 1e9, maxRecordBytes: 8e6 };
const PUBLISH_AT_ONCE = 5_000;

/**
 * A Millrace of its own on shared parts: a folder of schemas whose streams have names nobody else has, a database, a group
 * prefix; ways to publish, and storage processes that end with it.
 * @param schemas each stream's schema by the file it would be in; its stream is found again under that file's name
 */
export async function openTestBed(at: Addresses, schemas: Readonly<Record<string, object>>) {
  const id = randomUUID().slice(0, 8);
  const dir = await mkdtemp(join(tmpdir(), 'millrace-schemas-'));
  const nameOf = (file: string) => `${file.split('/').at(-1)}-${id}`;
  for (const [file, schema] of Object.entries(schemas)) await writeSchema(file, schema);
  const streams = new Map<string, Stream>();
  for (const stream of await loadStreams(dir)) streams.set(stream.file.replace(/\.avsc$/, ''), stream);

  const database = `millrace_${id}`;
  const server = openDatabase(at.databaseUrl, { poolSize: 1 });
  await server.raw(`CREATE DATABASE \`${database}\` CHARACTER SET utf8mb4`);
  const databaseUrl = at.databaseUrl.replace(/\/[^/]*$/, `/${database}`);
  const db: Database & { close(): Promise<void> } = openDatabase(databaseUrl);
  const kafka = connectKafka({ brokers: at.kafkaBrokers.split(','), clientId: 'test', log });
  const admin = await openAdmin(kafka);
  const registry = openRegistry(at.registryUrl);
  await ensureTopics(admin, [...streams.values()], 1);
  const processes: StorageProcess[] = [];

  return {
    id,
    dir,
    db,
    databaseUrl,
    kafka,
    admin,
    registry,
    log,
    writeSchema,
    stream,

    /**
     * Writes records as the receiver would, or to partitions of the test's own choice; answers what Kafka acknowledged,
     * in order.
     */
    async publish(
      file: string,
      values: readonly Value[],
      toPartition?: (index: number) => number,
    ): Promise<(Acknowledged & { readonly value: Value })[]> {
      const target = stream(file);
      const encode = createEncoder(avscType(target.avro), await registry.register(target));
      const count = (await partitionCounts(admin, [target.topic])).get(target.topic) ?? 1;
      const toKey = keyOf(target);
      const records = values.map((value, index) => {
        const key = toKey(value);
        return { partition: toPartition?.(index) ?? partitionOf(key, count), key, value: encode(value) };
      });
      const acknowledged = await this.publishRaw(file, records);
      return acknowledged.map((each, index) => ({ ...each, value: values[index] ?? {} }));
    },

    async publishRaw(file: string, records: readonly LaneRecord[]): Promise<Acknowledged[]> {
      const producer = await createProducer(kafka, LIMITS);
      const acknowledged: Acknowledged[] = [];
      for (let start = 0; start < records.length; start += PUBLISH_AT_ONCE)
        acknowledged.push(
          ...(await producer.produce(stream(file).topic, records.slice(start, start + PUBLISH_AT_ONCE))),
        );
      await producer.close();
      return acknowledged;
    },

    /** @param command what to run in the place of `main.ts` */
    async startStorage(...command: readonly string[]): Promise<StorageProcess> {
      const env = {
        KAFKA_BROKERS: at.kafkaBrokers,
        SCHEMA_REGISTRY_URL: at.registryUrl,
        DATABASE_URL: databaseUrl,
        SCHEMAS_DIR: dir,
        CONSUMER_GROUP_PREFIX: `${id}-`,
      };
      const storage = await startStorage(env, command);
      processes.push(storage);
      return storage;
    },

    async close(): Promise<void> {
      await Promise.all(processes.map((each) => each.kill('SIGKILL')));
      const topics = [...streams.values()].flatMap(({ topic, deadLetterTopic }) => [topic, deadLetterTopic]);
      await admin.deleteTopics({ topics });
      await Promise.all([admin.close(), db.close()]);
      await server.raw(`DROP DATABASE \`${database}\``);
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };

  function stream(file: string): Stream {
    const found = streams.get(file);
    if (!found) throw new Error(`no schema ${file} in this bed`);
    return found;
  }

  async function writeSchema(file: string, schema: object): Promise<void> {
    const path = join(dir, `${file}.avsc`);
    await mkdir(dirname(path), { recursive: true });
    const block = 'stream' in schema && typeof schema.stream === 'object' ? schema.stream : {};
    await writeFile(path, JSON.stringify({ ...schema, stream: { ...block, name: nameOf(file) } }));
  }
}
