import { randomUUID } from 'node:crypto';
import { avscType, compileDecoder } from '@millrace/core/schema/avsc-type';
import { createEncoder } from '@millrace/core/stream/wire-format';
import kafkajs, { type EachBatchHandler } from 'kafkajs';

/**
 * The least that one rule can do: kafkajs as it comes reads runs, avsc decodes them, and for each that is long a won event is encoded and
 * written, acknowledged before the next batch. No windows, no order over partitions, no state. Prints `{"ms": …}`.
 * Arguments: brokers, topic, its schema, records, topic of won events, its schema, how long is long.
 */
const [brokers = '', topic = '', schema = '', count = '0', wonTopic = '', wonSchema = '', long = '0'] =
  process.argv.slice(2);
const HEADER_BYTES = 5;

const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
const type = avscType(JSON.parse(schema));
const decode = compileDecoder(type, type);
const encode = createEncoder(avscType(JSON.parse(wonSchema)), 1);
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
await producer.connect();
const consumer = kafka.consumer({ groupId: `bench-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 250 });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
let read = 0;
let start = 0;
await new Promise<void>((resolve, reject) => {
  const eachBatch: EachBatchHandler = async ({ batch }) => {
    start ||= performance.now();
    const messages = batch.messages.flatMap(({ value }) => {
      read += 1;
      const run = value && decode(value.subarray(HEADER_BYTES));
      return run && Number(run.distance) > Number(long) ? [wonBy(run)] : [];
    });
    if (messages.length > 0) await producer.send({ topic: wonTopic, acks: -1, messages });
    if (read >= Number(count)) resolve();
  };
  consumer.run({ autoCommit: false, eachBatch }).catch(reject);
});
const ms = performance.now() - start;
await consumer.disconnect();
await producer.disconnect();
process.stdout.write(`${JSON.stringify({ ms })}\n`);

function wonBy(run: Record<string, unknown>) {
  const account_id = String(run.user_id);
  const value = encode({
    ...{ account_id, rule_id: 'bare', rule_version: 1, cause: run.event_id, won_at: run.timestamp, depth: 0 },
    ...{ values: { 'event.distance': run.distance }, event_id: randomUUID() },
    ...{ trace_id: run.trace_id, source: 'bench', ingested_at: Date.now() },
  });
  return { key: account_id, value };
}
