import type { Stream } from '../schema/stream.ts';
import type { UntilUp } from '../service/until-up.ts';
import type { Producer } from '../stream/create-producer.ts';
import { ensureTopics, type TopicAdmin } from '../stream/ensure-topics.ts';
import type { Registry } from '../stream/open-registry.ts';
import { partitionCounts } from '../stream/partition-counts.ts';
import { compileRecord, type ToRecord } from './compile-record.ts';

type OpenOptions = {
  readonly streams: readonly Stream[];
  readonly admin: TopicAdmin;
  readonly registry: Registry;
  readonly producer: Producer;
  readonly replicationFactor: number;
  readonly untilUp: UntilUp;
};

/** Creates topics, registers schemas and compiles each stream's step from JSON to record. Waits for dependencies that are not up yet. */
export async function openStreams(options: OpenOptions): Promise<ReadonlyMap<Stream, ToRecord>> {
  const { streams, admin, registry, producer, replicationFactor, untilUp } = options;
  const counts = await untilUp('Kafka to make the topics', async () => {
    await ensureTopics(admin, streams, replicationFactor);
    return partitionCounts(
      admin,
      streams.map(({ topic }) => topic),
    );
  });
  const toRecords = new Map<Stream, ToRecord>();
  for (const stream of streams) {
    const { topic } = stream;
    const schemaId = await untilUp('the schema registry', () => registry.register(stream));
    const partitions = () => producer.partitionCount(topic) ?? counts.get(topic) ?? 1;
    toRecords.set(stream, compileRecord(stream, schemaId, partitions));
  }
  return toRecords;
}
