import { randomBytes, randomUUID } from 'node:crypto';
import { avscType } from '@millrace/core/schema/avsc-type';
import { createProducer } from '@millrace/core/stream/create-producer';
import { createEncoder } from '@millrace/core/stream/wire-format';
import type { World } from '@millrace/testing/world';

const REQUEST_RECORDS = 3_000;
const USERS = 1_000;

const MONTH_MS = 2_592_000_000;

/** Writes that many runs to the topic of a world's stream of runs, over its three partitions. */
export async function fillTopic(
  { kafka, registry, stream: find }: World,
  count: number,
  { spreadMs = MONTH_MS } = {},
): Promise<void> {
  const stream = find('running');
  const encode = createEncoder(avscType(stream.avro), await registry.register(stream));
  const producer = await createProducer(kafka, { deadlineMs: 60_000, maxInFlightRecords: 1e6, maxInFlightBytes: 1e9 });
  const users = Array.from({ length: USERS }, () => randomUUID());
  for (let from = 0; from < count; from += REQUEST_RECORDS) {
    const size = Math.min(REQUEST_RECORDS, count - from);
    const records = Array.from({ length: size }, (_, i) => record(from + i));
    await producer.produce(stream.topic, records);
  }
  await producer.close();

  function record(sequence: number) {
    const user = users[(sequence * 7) % USERS] ?? '';
    const value = encode({
      user_id: user,
      duration: 600 + ((sequence * 37) % 6_000),
      distance: 2_000 + ((sequence * 53) % 20_000) / 3,
      timestamp: Date.now() - ((sequence * 7919) % spreadMs),
      event_id: randomUUID(),
      trace_id: randomBytes(16).toString('hex'),
      source: 'bench',
      ingested_at: Date.now(),
    });
    return { partition: sequence % 3, key: Buffer.from(user), value };
  }
}
