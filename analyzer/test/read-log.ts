import { randomUUID } from 'node:crypto';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
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
  const consumer = kafka.createConsumer({
    ...{ groupId: `test-${randomUUID()}`, topics: [stream.topic] },
    ...{ maxBytesPerPartition: 1024 * 1024, concurrency: 1 },
  });
  const { promise: whole, resolve } = withResolvers();
  await consumer.start({
    ...{ onAssigned() {}, onSkipped() {}, onRestart() {}, onCrash() {} },
    async onFetched({ partition, records: fetched, nextOffset, resolve: readFrom }) {
      for (const { offset, appendTime, value } of fetched) {
        const time = Math.max(latest.get(partition) ?? 0, appendTime);
        latest.set(partition, time);
        const eventId = value ? String(decode(value.subarray(HEADER_BYTES)).event_id) : '';
        records.push({ partition, offset: Number(offset), time, eventId });
      }
      readFrom(nextOffset);
      if (records.length >= count) resolve();
    },
  });
  await whole;
  await consumer.close();
  return records.sort((a, b) => a.time - b.time || a.partition - b.partition || a.offset - b.offset);
}
