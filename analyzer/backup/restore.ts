import { join } from 'node:path';
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { Problem } from '@millrace/core/problem/problem';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileFromJson, type Value } from '@millrace/core/schema/from-json';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import type { Registry } from '@millrace/core/stream/open-registry';
import { partitionCounts } from '@millrace/core/stream/partition-counts';
import { partitionOf } from '@millrace/core/stream/partition-of';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { compileFromDuck } from '../store/from-duck.ts';
import { quote } from '../store/stream-table.ts';
import { readManifest } from './manifest.ts';

type RestoreOptions = {
  readonly streams: readonly Stream[];
  readonly dir: string;
  readonly admin: Admin;
  readonly registry: Registry;
  readonly producer: Producer;
  readonly replicationFactor: number;
  readonly say: (line: string) => void;
};

/**
 * Writes a backup's events into their topics, each stream in the order of its numbers. The topics must be empty; append
 * times and offsets are new ones, everything else is as it was.
 */
export async function restore(options: RestoreOptions): Promise<void> {
  const { streams, dir, admin, say } = options;
  const { streams: saved } = await readManifest(dir);
  await ensureTopics(admin, streams, options.replicationFactor);
  const wanted = saved.map(({ name, file, rows }) => {
    const stream = streams.find((each) => each.name === name);
    if (!stream) throw new Problem('invalid-config', `the backup has a stream ${name}, of which there is no schema`);
    return { stream, file, rows };
  });
  for (const { stream } of wanted)
    if ((await topicOffsets(admin, stream.topic)).some(({ logEndOffset }) => logEndOffset > 0n))
      throw new Problem('invalid-config', `the topic ${stream.topic} is not empty: restore into a new Kafka`);
  for (const { stream, file, rows } of wanted) {
    await restoreStream(stream, join(dir, file), options);
    say(`${stream.name}: ${rows} events`);
  }
}

async function restoreStream(
  stream: Stream,
  file: string,
  { admin, registry, producer }: RestoreOptions,
): Promise<void> {
  const encode = createEncoder(avscType(stream.avro), await registry.register(stream));
  const fromJson = compileFromJson(stream.fields);
  const steps = stream.fields.map(({ name, type }) => ({ name, convert: compileFromDuck(type) }));
  const partitions = (await partitionCounts(admin, [stream.topic])).get(stream.topic) ?? 1;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = ['position_partition', ...stream.fields.map(({ name }) => quote(name))];
  const result = await connection.stream(
    `SELECT ${columns.join(', ')} FROM read_parquet($file) ORDER BY position_index`,
    { file },
  );
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
    await producer.produce(stream.topic, chunk.getRows().map(record));
  connection.closeSync();
  instance.closeSync();

  /** In its own partition, so that the order is kept; where there are fewer now, in that of its key. */
  function record([own, ...row]: DuckDBValue[]): LaneRecord {
    const json: Value = Object.fromEntries(
      steps.map(({ name, convert }, index) => [name, convert(row[index] ?? null)]),
    );
    const key = Buffer.from(String(json[stream.key.name]));
    const partition = Number(own) < partitions ? Number(own) : partitionOf(key, partitions);
    return { partition, key, value: encode(fromJson(json)) };
  }
}
