import { randomUUID } from 'node:crypto';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLog } from '../log/create-log.ts';
import { withResolvers } from '../promise/with-resolvers.ts';
import { avscType } from '../schema/avsc-type.ts';
import { loadStreams } from '../schema/load-streams.ts';
import type { Stream } from '../schema/stream.ts';
import type { Admin } from '../stream/admin.ts';
import { CheckpointMismatch } from '../stream/checkpoint-mismatch.ts';
import { connectKafka } from '../stream/connect-kafka.ts';
import { type Batch, consume } from '../stream/consume.ts';
import { createDecoder } from '../stream/create-decoder.ts';
import { createProducer, type Producer } from '../stream/create-producer.ts';
import { ensureTopics } from '../stream/ensure-topics.ts';
import { openRegistry } from '../stream/open-registry.ts';
import { partitionCounts } from '../stream/partition-counts.ts';
import { topicOffsets } from '../stream/topic-offsets.ts';
import { createEncoder } from '../stream/wire-format.ts';

const { kafkaBrokers, registryUrl } = inject('stack');
const log = createLog({ name: 'test', level: 'silent' });
const kafka = connectKafka({ brokers: kafkaBrokers.split(','), clientId: 'test', log });

let admin: Admin;
let producer: Producer;
let shipped: Stream;

beforeAll(async () => {
  admin = await kafka.openAdmin();
  producer = await createProducer(kafka, { deadlineMs: 5_000, maxInFlightRecords: 100_000, maxInFlightBytes: 1e8 });
  const running = (await loadStreams(schemasDir)).find(({ name }) => name === 'running');
  if (!running) throw new Error('the shipped streams have no "running"');
  shipped = running;
});

afterAll(async () => {
  await producer.close();
  await admin.close();
});

/** The shipped stream under a topic and subject of its own, so that suites can't see each other's records. */
async function freshStream(): Promise<Stream> {
  const topic = `test-${randomUUID()}`;
  const stream = { ...shipped, topic, deadLetterTopic: `${topic}.dead-letter`, subject: `${topic}-value` };
  await ensureTopics(admin, [stream], 1);
  return stream;
}

const numbered = (count: number, partition = 0) =>
  Array.from({ length: count }, (_, i) => ({ partition, key: null, value: Buffer.from(String(i)) }));

/** Reads until `count` records have come. */
async function read(topic: string, count: number, checkpoint = async (): Promise<bigint | undefined> => undefined) {
  const batches: Batch[] = [];
  const { promise: finished, resolve: finish } = withResolvers();
  const consumption = await consume({
    kafka,
    admin,
    groupId: `test-${randomUUID()}`,
    topics: [topic],
    log,
    commitHints: false,
    checkpoint,
    onBatch: async (batch) => {
      batches.push(batch);
      if (batches.reduce((sum, { records }) => sum + records.length, 0) >= count) finish();
    },
  });
  await Promise.race([finished, consumption.done]);
  await consumption.close();
  return batches.flatMap(({ records }) => records);
}

describe('topics', () => {
  it('are made with the append time as their time and a history that stays', async () => {
    const { topic, deadLetterTopic } = await freshStream();

    const config = await admin.topicConfig(topic, ['message.timestamp.type', 'retention.ms']);
    const partitions = await partitionCounts(admin, [topic, deadLetterTopic]);

    expect(config).toEqual({ 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1' });
    expect([...partitions.values()].sort()).toEqual([1, 3]);
  });

  it('may be asked for again and by several at once', async () => {
    const stream = await freshStream();

    await Promise.all([ensureTopics(admin, [stream], 1), ensureTopics(admin, [stream], 1)]);

    expect((await partitionCounts(admin, [stream.topic])).get(stream.topic)).toBe(3);
  });
});

describe('the producer', () => {
  it('answers the offset that each record really has', async () => {
    const { topic } = await freshStream();

    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        producer.produce(topic, [{ partition: i % 3, key: null, value: Buffer.from(`record ${i}`) }]),
      ),
    );
    const records = await read(topic, 300);

    const said = answers.flat().map(({ offset }, i) => [`record ${i}`, offset]);
    const found = new Map(records.map(({ value, offset }) => [value?.toString(), offset]));
    expect(said.every(([text, offset]) => found.get(String(text)) === offset)).toBe(true);
  });

  it('keeps the order of what one caller gives, across the limit of a request', async () => {
    const { topic } = await freshStream();
    const large = Array.from({ length: 40 }, (_, i) => ({
      partition: 1,
      key: null,
      value: Buffer.alloc(90_000, `${i} `),
    }));

    const answers = await producer.produce(topic, large);

    expect(answers.map(({ offset }) => offset)).toEqual(large.map((_, i) => BigInt(i)));
  });

  it('refuses a record that Kafka would not take, and writes none of its neighbours', async () => {
    const { topic } = await freshStream();

    const writing = producer.produce(topic, [
      ...numbered(2),
      { partition: 0, key: null, value: Buffer.alloc(2_000_000) },
    ]);

    await expect(writing).rejects.toMatchObject({ code: 'body-too-large' });
    expect((await topicOffsets(admin, topic)).map(({ logEndOffset }) => logEndOffset)).toEqual([0n, 0n, 0n]);
  });
});

describe('consuming', () => {
  it('starts at the checkpoint, not at what Kafka says', async () => {
    const { topic } = await freshStream();
    await producer.produce(topic, numbered(50));

    const records = await read(topic, 10, async () => 40n);

    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 10 }, (_, i) => BigInt(40 + i)));
  });

  it('reads a partition from its start when its checkpoint lies past the end', async () => {
    const { topic } = await freshStream();
    await producer.produce(topic, numbered(5));

    const records = await read(topic, 5, async () => 1_000n);

    expect(records.map(({ offset }) => offset)).toEqual([0n, 1n, 2n, 3n, 4n]);
  });

  it("starts at the oldest record held when the checkpoint's is gone", async () => {
    const { topic } = await freshStream();
    await producer.produce(topic, numbered(20));
    await admin.deleteRecords(topic, new Map([[0, 15n]]));

    const records = await read(topic, 5, async () => 3n);

    expect(records.map(({ offset }) => offset)).toEqual([15n, 16n, 17n, 18n, 19n]);
  });
});

describe('reading ahead', () => {
  it('gives one batch at a time, goes back where one is out of place, and tells Kafka of what is done', async () => {
    const { topic } = await freshStream();
    for (let round = 0; round < 5; round += 1) await producer.produce(topic, numbered(10));
    const groupId = `test-${randomUUID()}`;
    const done: bigint[] = [];
    let atWork = 0;
    let mostAtWork = 0;
    let refused = false;

    const consumption = await consume({
      ...{ kafka, admin, groupId, topics: [topic], log, commitHints: true, readAhead: true, maxBytesPerPartition: 1 },
      checkpoint: async () => BigInt(done.length),
      onBatch: async ({ records }) => {
        atWork += 1;
        mostAtWork = Math.max(mostAtWork, atWork);
        await new Promise((resolve) => setImmediate(resolve));
        atWork -= 1;
        const refuse = !refused && done.length === 20;
        refused ||= refuse;
        if (refuse) throw new CheckpointMismatch('for the test');
        done.push(...records.map(({ offset }) => offset));
      },
    });
    await waitUntil(
      async () => done.length,
      (count) => count >= 50,
    );
    await consumption.close();

    const hints = await admin.committedOffsets(groupId, topic);
    expect(done).toEqual(Array.from({ length: 50 }, (_, i) => BigInt(i)));
    expect(mostAtWork).toBe(1);
    expect(refused).toBe(true);
    expect(hints.get(0)).toBe(50n);
  });
});

describe('decoding', () => {
  it('gives back what was encoded, and an outcome for each record that is not Avro', async () => {
    const stream = await freshStream();
    const registry = openRegistry(registryUrl);
    const schemaId = await registry.register(stream);
    const value = {
      user_id: 'd290f1ee-6c54-4b01-90e6-d701748f0851',
      duration: 1805.5,
      distance: 5012.3,
      timestamp: 1_773_473_530_000,
      event_id: randomUUID(),
      trace_id: '0'.repeat(32),
      source: 'test',
      ingested_at: 1_773_473_530_001,
    };
    const good = createEncoder(avscType(stream.avro), schemaId)(value);
    const unknownId = Buffer.concat([Buffer.from([0, 0, 9, 9, 9]), good.subarray(5)]);

    const decoded = await createDecoder(
      registry,
      stream,
    )([good, null, Buffer.from('{"a":1}'), unknownId, good.subarray(0, 20)]);

    expect(decoded[0]).toEqual({ value });
    expect(decoded.slice(1).map((outcome) => ('fault' in outcome ? outcome.fault : 'decoded'))).toEqual([
      'the record has no value',
      "the value is not Avro in the registry's wire format",
      'schema id 592137 is not an Avro schema in the registry',
      expect.stringContaining('does not decode'),
    ]);
  });
});
