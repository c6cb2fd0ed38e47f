import { randomUUID } from 'node:crypto';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { capturedLog } from '@millrace/testing/captured-log';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { createLog } from '../log/create-log.ts';
import { loadStreams } from '../schema/load-streams.ts';
import type { Stream } from '../schema/stream.ts';
import type { Admin } from '../stream/admin.ts';
import { connectKafka } from '../stream/connect-kafka.ts';
import { consume } from '../stream/consume.ts';
import { createProducer, type Producer } from '../stream/create-producer.ts';
import { ensureTopics } from '../stream/ensure-topics.ts';
import { UnknownTopic } from '../stream/kafka-fault.ts';
import { measureLag } from '../stream/measure-lag.ts';
import { partitionCounts } from '../stream/partition-counts.ts';
import { topicOffsets } from '../stream/topic-offsets.ts';
import { watchTopics } from '../stream/watch-topics.ts';

const { kafkaBrokers } = inject('stack');
const log = createLog({ name: 'test', level: 'silent' });
const kafka = connectKafka({ brokers: kafkaBrokers.split(','), clientId: 'test', log });
const LIMITS = { deadlineMs: 5_000, maxInFlightRecords: 100_000, maxInFlightBytes: 1e8 };

let admin: Admin;
let shipped: Stream;

beforeAll(async () => {
  admin = await kafka.openAdmin();
  const [first] = await loadStreams(schemasDir);
  if (!first) throw new Error('no stream is shipped');
  shipped = first;
});

afterAll(() => admin.close());

async function ownStream(): Promise<Stream> {
  const topic = `missing-${randomUUID()}`;
  const stream = { ...shipped, topic, deadLetterTopic: `${topic}.dead-letter`, subject: `${topic}-value` };
  await ensureTopics(admin, [stream], 1);
  onTestFinished(() => admin.deleteTopics([topic, stream.deadLetterTopic]));
  return stream;
}

async function ownProducer(): Promise<Producer> {
  const producer = await createProducer(kafka, LIMITS);
  onTestFinished(() => producer.close());
  return producer;
}

const write = (producer: Producer, { topic }: Stream, text: string) =>
  producer.produce(topic, [{ partition: 0, key: null, value: Buffer.from(text) }]);

/** Reads streams from checkpoints that are what was read, as services do. */
async function reader(streams: readonly Stream[]) {
  const values: string[] = [];
  const checkpoints = new Map<string, bigint>();
  const consumption = await consume({
    ...{ kafka, admin, log, commitHints: false, readAhead: true, groupId: `test-${randomUUID()}` },
    topics: streams.map(({ topic }) => topic),
    checkpoint: async (topic, partition) => checkpoints.get(`${topic}:${partition}`),
    async onShrunk(topic, partition) {
      checkpoints.delete(`${topic}:${partition}`);
    },
    async onBatch({ topic, partition, records, nextOffset }) {
      values.push(...records.map(({ value }) => String(value)));
      checkpoints.set(`${topic}:${partition}`, nextOffset);
    },
  });
  onTestFinished(() => consumption.close());
  const until = (text: string) =>
    Promise.race([
      waitUntil(
        async () => values,
        (all) => all.includes(text),
      ),
      consumption.done,
    ]);
  return { values, consumption, until };
}

describe('a topic that is deleted while it is read and written', () => {
  it('stops no other one, is created again by whoever notices, and is then read from its start', async () => {
    const [kept, deleted] = [await ownStream(), await ownStream()];
    const producer = await ownProducer();
    await write(producer, kept, 'kept 1');
    for (const text of ['deleted 0', 'deleted 1']) await write(producer, deleted, text);
    const { values, consumption, until } = await reader([kept, deleted]);
    await until('kept 1');
    await until('deleted 1');
    const captured = capturedLog();

    await admin.deleteTopics([deleted.topic]);
    await write(producer, kept, 'kept 2');
    await until('kept 2');
    const lagWhileMissing = measureLag(admin, [
      { topic: deleted.topic, partition: 0, nextOffset: 2n, logEndOffset: 2n },
    ]);
    const [{ lag } = { lag: 0n }] = await lagWhileMissing;
    const refused = await write(producer, deleted, 'into nothing').catch((error: { code: string }) => error.code);
    await write(producer, kept, 'kept 3');
    await until('kept 3');
    const watched = watchTopics({
      ...{ admin, streams: [kept, deleted], replicationFactor: 1, log: captured.log, everyMs: 50 },
    });
    onTestFinished(watched.close);
    await waitUntil(
      () => topicOffsets(admin, deleted.topic).catch(() => []),
      ({ length }) => length > 0,
    );
    await waitUntil(
      () => write(producer, deleted, 'deleted 2').catch(() => []),
      ({ length }) => length > 0,
    );
    await until('deleted 2');

    expect(lag).toBeUndefined();
    expect(refused).toBe('kafka-unavailable');
    expect(values.slice(3)).toEqual(['kept 2', 'kept 3', 'deleted 2']);
    expect(captured.lines).toMatchObject([{ topics: [deleted.topic], msg: expect.stringContaining('missing') }]);
    expect(await watched.check()).toEqual({ ok: true, detail: '4 topics' });
    expect(consumption.progress.positions().some(({ topic }) => topic === deleted.topic)).toBe(true);
  });

  it('is one that neither offsets nor partitions are answered for', async () => {
    const topic = `missing-${randomUUID()}`;

    await expect(partitionCounts(admin, [topic])).rejects.toThrow(UnknownTopic);
    await expect(topicOffsets(admin, topic)).rejects.toThrow(`Kafka has no topic ${topic}`);
  });
});

describe('a topic that is missing when a consumer starts', () => {
  it('stops no other one, and is read once it is there', async () => {
    const [there, late] = [await ownStream(), await ownStream()];
    await admin.deleteTopics([late.topic]);
    const producer = await ownProducer();
    await write(producer, there, 'there');

    const { until, values } = await reader([there, late]);
    await until('there');
    await ensureTopics(admin, [late], 1);
    await write(producer, late, 'late');
    await until('late');

    expect(values).toEqual(['there', 'late']);
  });
});
