import { randomUUID } from 'node:crypto';
import type { Log } from '@millrace/core/log/create-log';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { type ConsumedRecord, consume } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import { type Acknowledged, createProducer, type LaneRecord } from '@millrace/core/stream/create-producer';
import type { Kafka } from '@millrace/core/stream/kafka';
import { keyOf } from '@millrace/core/stream/key-of';
import type { Registry } from '@millrace/core/stream/open-registry';
import { partitionCounts } from '@millrace/core/stream/partition-counts';
import { partitionOf } from '@millrace/core/stream/partition-of';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { createEncoder } from '@millrace/core/stream/wire-format';

export type TopicRecord = Pick<ConsumedRecord, 'key' | 'headers' | 'offset' | 'appendTime'> & {
  readonly partition: number;
  readonly value: Value;
};

const LIMITS = { deadlineMs: 60_000, maxInFlightRecords: 1_000_000, maxInFlightBytes: 1e9, maxRecordBytes: 8e6 };
const PUBLISH_AT_ONCE = 5_000;

/** Writes values to a stream's topic as the receiver would, or to partitions of the caller's choice. */
export async function produceValues(
  { kafka, admin, registry }: { readonly kafka: Kafka; readonly admin: Admin; readonly registry: Registry },
  stream: Stream,
  values: readonly Value[],
  toPartition?: (index: number) => number,
): Promise<(Acknowledged & { readonly value: Value })[]> {
  const encode = createEncoder(avscType(stream.avro), await registry.register(stream));
  const count = (await partitionCounts(admin, [stream.topic])).get(stream.topic) ?? 1;
  const toKey = keyOf(stream);
  const records = values.map((value, index) => {
    const key = toKey(value);
    return { partition: toPartition?.(index) ?? partitionOf(key, count), key, value: encode(value) };
  });
  const acknowledged = await produceRaw(kafka, stream, records);
  return acknowledged.map((each, index) => ({ ...each, value: values[index] ?? {} }));
}

/** Writes records as they are. */
export async function produceRaw(
  kafka: Kafka,
  { topic }: Stream,
  records: readonly LaneRecord[],
): Promise<Acknowledged[]> {
  const producer = await createProducer(kafka, LIMITS);
  const acknowledged: Acknowledged[] = [];
  for (let start = 0; start < records.length; start += PUBLISH_AT_ONCE)
    acknowledged.push(...(await producer.produce(topic, records.slice(start, start + PUBLISH_AT_ONCE))));
  await producer.close();
  return acknowledged;
}

/** All that a topic holds now, decoded, ordered by partition and offset. Rejects when a record can't be decoded. */
export async function readTopic(
  { kafka, admin, registry, log }: { kafka: Kafka; admin: Admin; registry: Registry; log: Log },
  stream: Stream,
): Promise<TopicRecord[]> {
  const decode = createDecoder(registry, stream);
  const offsets = await topicOffsets(admin, stream.topic);
  const count = offsets.reduce((sum, { lowOffset, logEndOffset }) => sum + Number(logEndOffset - lowOffset), 0);
  if (count === 0) return [];
  const records: TopicRecord[] = [];
  const { promise: finished, resolve: finish } = withResolvers();
  const consumption = await consume({
    ...{ kafka, admin, log, commitHints: false, groupId: `test-${randomUUID()}`, topics: [stream.topic] },
    checkpoint: async () => undefined,
    onBatch: async ({ partition, records: batch }) => {
      const decoded = await decode(batch.map(({ value }) => value));
      for (const [index, one] of decoded.entries()) {
        const record = batch[index];
        if (!record || 'fault' in one) throw new Error('fault' in one ? one.fault : 'a record is missing');
        records.push({ ...record, partition, value: { ...one.value } });
      }
      if (records.length >= count) finish();
    },
  });
  await Promise.race([finished, consumption.done]);
  await consumption.close();
  return records.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}
