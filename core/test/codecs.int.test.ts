import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@millrace/core/log/create-log';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Admin } from '../stream/admin.ts';
import { MAX_BATCH_BYTES } from '../stream/codecs.ts';
import { connectKafka } from '../stream/connect-kafka.ts';
import { type Batch, type Consumption, consume } from '../stream/consume.ts';
import { createProducer, type Producer } from '../stream/create-producer.ts';
import { skipUnreadable } from '../stream/skipped-offsets.ts';
import { waitForLeaders } from '../stream/wait-for-leaders.ts';

const { kafkaBrokers } = inject('stack');
const log = createLog({ name: 'test', level: 'silent' });
const kafka = connectKafka({ brokers: kafkaBrokers.split(','), clientId: 'test', log });
const hasKcat = await succeeds('kcat', ['-V']).catch(() => false);

let admin: Admin;
let producer: Producer;
let dir: string;

beforeAll(async () => {
  admin = await kafka.openAdmin();
  producer = await createProducer(kafka, { deadlineMs: 5_000, maxInFlightRecords: 100_000, maxInFlightBytes: 1e8 });
  dir = await mkdtemp(join(tmpdir(), 'codecs-'));
});

afterAll(async () => {
  await producer.close();
  await admin.close();
  await rm(dir, { recursive: true });
});

async function ownTopic(config: Readonly<Record<string, string>> = {}): Promise<string> {
  const topic = `codecs-${randomUUID()}`;
  await admin.createTopics([{ topic, partitions: 2, config }], 1);
  await waitForLeaders(admin, [topic]);
  onTestFinished(() => admin.deleteTopics([topic]));
  return topic;
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code === 0;
}

/** Writes with librdkafka: each line of the text a record, or all of it one. */
async function writeWithKcat(topic: string, text: Buffer, args: readonly string[]): Promise<void> {
  const file = join(dir, randomUUID());
  await writeFile(file, text);
  const ok = await succeeds('kcat', ['-P', '-b', kafkaBrokers, '-t', topic, ...args, file]);
  if (!ok) throw new Error(`kcat could not write ${args.join(' ')}`);
}

async function read(topic: string): Promise<{
  consumption: Consumption;
  values(): string[];
  until(is: (values: string[]) => boolean): Promise<unknown>;
}> {
  const batches: Batch[] = [];
  const consumption = await consume({
    ...{ kafka, admin, log, commitHints: false, groupId: `test-${randomUUID()}`, topics: [topic] },
    checkpoint: async (_, partition) => batches.findLast((batch) => batch.partition === partition)?.nextOffset,
    onBatch: async (batch) => void batches.push(batch),
  });
  onTestFinished(() => consumption.close());
  const values = () => batches.flatMap(({ records }) => records.map(({ value }) => value?.toString() ?? ''));
  const until = (isDone: (values: string[]) => boolean) =>
    Promise.race([waitUntil(async () => values(), isDone), consumption.done]);
  return { consumption, values, until };
}

const texts = Array.from({ length: 500 }, (_, n) => `record ${n} ${'so and so '.repeat(n % 20)}`);

describe('consuming', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads a topic that the broker compresses with %s', async (codec) => {
    const topic = await ownTopic({ 'compression.type': codec });

    await producer.produce(
      topic,
      texts.map((text) => ({ partition: 0, key: null, value: Buffer.from(text) })),
    );
    const { values, until } = await read(topic);

    await until(({ length }) => length >= texts.length);
    expect(values()).toEqual(texts);
  });

  it.runIf(hasKcat).each(['gzip', 'snappy', 'lz4', 'zstd'])('reads what librdkafka writes with %s', async (codec) => {
    const topic = await ownTopic();

    await writeWithKcat(topic, Buffer.from(texts.join('\n')), ['-l', '-p', '0', '-z', codec]);
    const { values, until } = await read(topic);

    await until(({ length }) => length >= texts.length);
    expect(values()).toEqual(texts);
  });

  it.runIf(hasKcat)(
    'stops a partition at what can not be read, continues with the others, and skips it on request',
    async () => {
      const topic = await ownTopic();
      const write = (partition: number, text: string) =>
        producer.produce(topic, [{ partition, key: null, value: Buffer.from(text) }]);
      await write(0, 'before');
      const bomb = ['-p', '0', '-z', 'zstd', '-X', `message.max.bytes=${2 * MAX_BATCH_BYTES}`];
      await writeWithKcat(topic, Buffer.alloc(MAX_BATCH_BYTES + 1), bomb);
      await write(0, 'after');

      const { consumption, values, until } = await read(topic);
      await until(() => consumption.unreadable().length > 0);
      await write(1, 'other');
      await until((all) => all.includes('other'));
      const stopped = consumption.unreadable();
      const before = values();
      await skipUnreadable(admin, topic, 0, 2n);
      await until((all) => all.includes('after'));

      expect(stopped).toEqual([
        { topic, partition: 0, firstOffset: 1n, lastOffset: 1n, reason: 'it grows past 67108864 bytes' },
      ]);
      expect(before).toEqual(['before', 'other']);
      expect(values()).toEqual(['before', 'other', 'after']);
      expect(consumption.unreadable()).toEqual([]);
    },
  );
});
