import kafkajs from 'kafkajs';

/**
 * What the batch route is measured beside: kafkajs as it comes, its records ready as bytes and their partitions chosen.
 * A process of its own, so that nothing of ours is loaded. Prints `{"records": …, "ms": …}` for the measured part.
 * Arguments: brokers, topic, batches, records in each, bytes of a record, requests in flight.
 */
const [brokers = '', topic = '', ...numbers] = process.argv.slice(2);
const [batches = 0, size = 0, bytes = 0, inFlight = 1] = numbers.map(Number);

const producer = new kafkajs.Kafka({ brokers: brokers.split(',') }).producer({
  createPartitioner:
    () =>
    ({ message }) =>
      message.partition ?? 0,
});
await producer.connect();
const key = Buffer.alloc(36, 'k');
const value = Buffer.alloc(bytes, 'v');
const messages = Array.from({ length: size }, (_, n) => ({ partition: n % 3, key, value }));

await send(Math.ceil(batches / 5));
const start = performance.now();
await send(batches);
const ms = performance.now() - start;
await producer.disconnect();
process.stdout.write(`${JSON.stringify({ records: batches * size, ms })}\n`);

async function send(count: number) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await producer.send({ topic, acks: -1, messages: [...messages] });
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
