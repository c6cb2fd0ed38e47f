import { createLog } from '@millrace/core/log/create-log';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { type OwnReceiver, ownReceiver, run, runningSchema } from './own-receiver.ts';

const log = createLog({ name: 'test', level: 'silent' });
const { kafkaBrokers } = inject('stack');

let own: OwnReceiver;

beforeAll(async () => {
  own = await ownReceiver(inject('stack'), await runningSchema());
});
afterAll(() => own.close());

describe('partitions added while a receiver runs', () => {
  it('are taken up by the producer that began without them, and then by the receiver, with no request failing', async () => {
    const { topic } = own.stream;
    const kafka = connectKafka({ brokers: kafkaBrokers.split(','), clientId: 'test', log });
    const producer = await createProducer(kafka, { deadlineMs: 5_000, maxInFlightRecords: 10, maxInFlightBytes: 1e6 });
    onTestFinished(producer.close);
    const writeOne = () => producer.produce(topic, [{ partition: 0, key: null, value: null }]);
    const partitionsUsed = new Set<number>();
    const statuses = new Set<number>();
    const postSome = async () => {
      const { status, body } = await own.post(Array.from({ length: 50 }, () => run()));
      statuses.add(status);
      for (const { partition } of body.results) partitionsUsed.add(partition);
      return partitionsUsed.size;
    };

    await writeOne();
    const before = { known: producer.partitionCount(topic), used: await postSome() };
    await own.world.admin.addPartitions(topic, 6);
    await expect.poll(() => writeOne().then(() => producer.partitionCount(topic)), { timeout: 30_000 }).toBe(6);
    await expect.poll(postSome, { timeout: 30_000 }).toBe(6);

    expect(before).toEqual({ known: 3, used: 3 });
    expect(statuses).toEqual(new Set([201]));
  });
});
