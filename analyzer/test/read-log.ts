import { randomUUID } from 'node:crypto';
import { avscType, compileDecoder } from '@millrace/core/schema/avsc-type';
import { HEADER_BYTES } from '@millrace/core/stream/wire-format';
import type { OwnStream } from './own-stream.ts';

export type LogRecord = {
  readonly partition: number;
  readonly offset: number;
  readonly time: number;
  readonly eventId: string;
};

/** All committed records of the topic, read by a consumer that knows nothing of the analyzer, in the order that is promised. */
export async function readLog({ kafka, stream }: OwnStream, count: number): Promise<LogRecord[]> {
  const type = avscType(stream.avro);
  const decode = compileDecoder(type, type);
  const records: LogRecord[] = [];
  const latest = new Map<number, number>();
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [stream.topic], fromBeginning: true });
  await new Promise<void>((resolve) =>
    consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        for (const { offset, timestamp, value } of messages) {
          const time = Math.max(latest.get(partition) ?? 0, Number(timestamp));
          latest.set(partition, time);
          const eventId = value ? String(decode(value.subarray(HEADER_BYTES)).event_id) : '';
          records.push({ partition, offset: Number(offset), time, eventId });
        }
        if (records.length >= count) resolve();
      },
    }),
  );
  await consumer.disconnect();
  return records.sort((a, b) => a.time - b.time || a.partition - b.partition || a.offset - b.offset);
}
