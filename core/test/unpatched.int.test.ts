import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { expect, inject, it } from 'vitest';
import { createLog } from '../log/create-log.ts';
import { withResolvers } from '../promise/with-resolvers.ts';
import { connectKafka } from '../stream/connect-kafka.ts';
import { waitForLeaders } from '../stream/wait-for-leaders.ts';

const { kafkaBrokers } = inject('stack');
const brokers = kafkaBrokers.split(',');

/** The library as it is published: its modules loaded once more, beside those that are changed. */
function unpatched(): typeof import('kafkajs') {
  const require = createRequire(import.meta.url);
  const changed = Object.keys(require.cache).filter((path) => path.includes('/node_modules/kafkajs/'));
  const kept = changed.map((path) => [path, require.cache[path]] as const);
  for (const path of changed) delete require.cache[path];
  const fresh: typeof import('kafkajs') = require('kafkajs');
  for (const path of Object.keys(require.cache))
    if (path.includes('/node_modules/kafkajs/')) delete require.cache[path];
  for (const [path, loaded] of kept) require.cache[path] = loaded;
  return fresh;
}

it('writes what kafkajs reads without any change of ours, and reads what it writes', async () => {
  const log = createLog({ name: 'test', level: 'silent' });
  const ours = connectKafka({ brokers, clientId: 'test', log });
  const theirs = new (unpatched().Kafka)({ brokers, clientId: 'test', logLevel: 0 });
  const topic = `unpatched-${randomUUID()}`;
  const admin = await ours.openAdmin();
  await admin.createTopics([{ topic, partitions: 1, config: {} }], 1);
  await waitForLeaders(admin, [topic]);
  const headers = { text: 'wört', bytes: Buffer.from([0, 255]), repeated: ['a', 'b'] };
  const records = Array.from({ length: 300 }, (_, n) => ({
    ...{ partition: 0, key: n % 3 ? Buffer.from([n % 256]) : null, value: n % 5 ? Buffer.alloc(n * 7, n) : null },
    headers,
  }));
  const [ourProducer, theirProducer] = [await ours.openProducer({ onPartitions() {} }), theirs.producer()];
  await theirProducer.connect();

  await ourProducer.send(topic, records);
  await theirProducer.send({ topic, messages: records });
  const [readByThem, readByUs] = await Promise.all([readTheirs(), readOurs()]);

  const expected = [...records, ...records].map(({ key, value }) => [key?.toString('hex'), value?.toString('hex')]);
  expect(readByThem.map(({ key, value }) => [key?.toString('hex'), value?.toString('hex')])).toEqual(expected);
  expect(readByUs.map(({ key, value }) => [key?.toString('hex'), value?.toString('hex')])).toEqual(expected);
  expect(readByThem.map((each) => each.headers)).toEqual(readByUs.map((each) => each.headers));
  await Promise.all([ourProducer.close(), theirProducer.disconnect()]);
  await admin.deleteTopics([topic]);
  await admin.close();

  async function readTheirs() {
    const consumer = theirs.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 100 });
    const found: { key: Buffer | null; value: Buffer | null; headers?: object | undefined }[] = [];
    const { promise: whole, resolve } = withResolvers();
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      async eachMessage({ message }) {
        found.push(message);
        if (found.length === 2 * records.length) resolve();
      },
    });
    await whole;
    await consumer.disconnect();
    return found;
  }

  async function readOurs() {
    const consumer = ours.createConsumer({
      ...{ groupId: `test-${randomUUID()}`, topics: [topic], maxBytesPerPartition: 1024 * 1024, concurrency: 1 },
    });
    const found: { key: Buffer | null; value: Buffer | null; headers?: object }[] = [];
    const { promise: whole, resolve: finish } = withResolvers();
    await consumer.start({
      ...{ onAssigned() {}, onSkipped() {}, onRestart() {}, onCrash() {} },
      async onFetched({ records: fetched, nextOffset, resolve }) {
        found.push(...fetched);
        resolve(nextOffset);
        if (found.length === 2 * records.length) finish();
      },
    });
    await whole;
    await consumer.close();
    return found;
  }
});
