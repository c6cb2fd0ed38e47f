import { avscType, compileDecoder } from '@millrace/core/schema/avsc-type';
import kafkajs, { type EachBatchHandler } from 'kafkajs';

/**
 * The least that a reader of history can do: kafkajs as it comes, then avsc, and nothing with what comes out. A process of
 * its own, for in the bench's parts of kafkajs are ours. Prints `{"ms": …}`. Arguments: brokers, topic, records, the Avro schema.
 */
const [brokers = '', topic = '', count = '0', schema = ''] = process.argv.slice(2);
const HEADER_BYTES = 5;

const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
const type = avscType(JSON.parse(schema));
const decode = compileDecoder(type, type);
const consumer = kafka.consumer({ groupId: `bench-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 250 });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
let read = 0;
let sum = 0;
const start = performance.now();
await new Promise<void>((resolve, reject) => {
  const eachBatch: EachBatchHandler = async ({ batch }) => {
    for (const { value } of batch.messages) {
      if (value) sum += Number(decode(value.subarray(HEADER_BYTES)).distance);
      read += 1;
    }
    if (read >= Number(count)) resolve();
  };
  consumer.run({ autoCommit: false, eachBatch }).catch(reject);
});
const ms = performance.now() - start;
await consumer.disconnect();
if (!(sum > 0)) throw new Error('the loop read nothing');
process.stdout.write(`${JSON.stringify({ ms })}\n`);
