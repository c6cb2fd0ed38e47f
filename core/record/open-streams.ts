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

export type OpenStreams = {
  /** Each stream's step from JSON to record. */
  readonly toRecords: ReadonlyMap<Stream, ToRecord>;
  /** How many partitions the stream's topic has now. */
  readonly partitionsOf: (stream: Stream) => number;
};

/** Creates topics and registers schemas, so that records can be written. Waits for dependencies that are not up yet. */
export async function openStreams(options: OpenOptions): Promise<OpenStreams> {
  const { streams, admin, registry, producer, replicationFactor, untilUp } = options;
  const counts = await untilUp('Kafka to make the topics', async () => {
    await ensureTopics(admin, streams, replicationFactor);
    return partitionCounts(
      admin,
      streams.map(({ topic }) => topic),
    );
  });
  const toRecords = new Map<Stream, ToRecord>();
  const partitionsOf = ({ topic }: Stream) => producer.partitionCount(topic) ?? counts.get(topic) ?? 1;
  for (const stream of streams) {
    const schemaId = await untilUp('the schema registry', () => registry.register(stream));
    toRecords.set(
      stream,
      compileRecord(stream, schemaId, () => partitionsOf(stream)),
    );
  }
  return { toRecords, partitionsOf };
}
