import { randomUUID } from 'node:crypto';
import { avscType, compileDecoder } from '@millrace/core/schema/avsc-type';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { HEADER_BYTES } from '@millrace/core/stream/wire-format';
import type { BenchContext } from '../row.ts';
import type { FilledTopic } from './fill-topic.ts';

/** The least that a reader of history can do: kafkajs, then avsc, and nothing with what comes out. Answers milliseconds. */
export async function readLoop(
  { kafkaBrokers, log }: BenchContext,
  { stream }: FilledTopic,
  count: number,
): Promise<number> {
  const kafka = connectKafka({ brokers: kafkaBrokers, clientId: 'bench', log });
  const type = avscType(stream.avro);
  const decode = compileDecoder(type, type);
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topics: [stream.topic], fromBeginning: true });
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let read = 0;
  let sum = 0;
  const start = performance.now();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        if (value) sum += Number(decode(value.subarray(HEADER_BYTES)).distance);
        read += 1;
      }
      if (read >= count) finish();
    },
  });
  await finished;
  const took = performance.now() - start;
  await consumer.disconnect();
  if (!(sum > 0)) throw new Error('the loop read nothing');
  return took;
}
