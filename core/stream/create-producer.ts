import { Problem } from '../problem/problem.ts';
import type { Kafka } from './kafka.ts';
import type { WrittenRecord } from './kafka-producer.ts';
import { type Acknowledged, createLane, type Lane, type LaneRecord, sizeOf } from './produce-lane.ts';

export type { Acknowledged, LaneRecord } from './produce-lane.ts';

export type ProducerSettings = {
  /** The time after which `produce` rejects, also when the client library does not. */
  readonly deadlineMs: number;
  readonly maxInFlightRecords: number;
  readonly maxInFlightBytes: number;
  /** The largest record taken, in a request of its own where it is larger than others may be: what a topic is set to take. */
  readonly maxRecordBytes?: number;
};

export type Producer = {
  /**
   * Writes records to a topic with acks=all; answers in the order given.
   * Rejects with `saturated` when too much is in flight, with `kafka-unavailable` past the deadline, and with
   * `body-too-large` for a record over Kafka's limit; its detail says whether anything may have been written.
   */
  produce(topic: string, records: readonly LaneRecord[]): Promise<Acknowledged[]>;
  /**
   * How many partitions of the topic this producer can write to; undefined before it has written any. It follows what is
   * added within seconds, and a partition that other metadata has sooner can't be written to yet.
   */
  partitionCount(topic: string): number | undefined;
  inFlight(): { readonly records: number; readonly bytes: number };
  close(): Promise<void>;
};

/** Kafka's `message.max.bytes` bounds a request's records of one partition; this leaves room for its own overhead. */
const MAX_REQUEST_BYTES = 900_000;
/** Encoding a request holds up the event loop: this many records take some 20 ms. */
const MAX_REQUEST_RECORDS = 2_500;

/** A producer whose callers share requests, one lane per topic. */
export async function createProducer(
  kafka: Pick<Kafka, 'openProducer'>,
  settings: ProducerSettings,
): Promise<Producer> {
  const partitionCounts = new Map<string, number>();
  const client = await kafka.openProducer({
    onPartitions(topic, count) {
      if (partitionCounts.get(topic) !== count) partitionCounts.set(topic, count);
    },
  });
  const lanes = new Map<string, Lane>();
  let inFlightRecords = 0;
  let inFlightBytes = 0;

  return {
    async produce(topic, records) {
      const bytes = admit(records, settings, inFlightRecords, inFlightBytes);
      inFlightRecords += records.length;
      inFlightBytes += bytes;
      try {
        const lane = laneOf(topic);
        if (bytes <= MAX_REQUEST_BYTES) return await lane.produce(records);
        return (await Promise.all(requests(records).map(lane.produce))).flat();
      } finally {
        inFlightRecords -= records.length;
        inFlightBytes -= bytes;
      }
    },
    partitionCount: (topic) => partitionCounts.get(topic),
    inFlight: () => ({ records: inFlightRecords, bytes: inFlightBytes }),
    async close() {
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
      await client.close();
    },
  };

  function laneOf(topic: string): Lane {
    const known = lanes.get(topic);
    if (known) return known;
    const limits = {
      deadlineMs: settings.deadlineMs,
      maxRequestRecords: MAX_REQUEST_RECORDS,
      maxRequestBytes: MAX_REQUEST_BYTES,
    };
    const lane = createLane((records) => client.send(topic, records.map(toWritten)), limits);
    lanes.set(topic, lane);
    return lane;
  }
}

function admit(
  records: readonly LaneRecord[],
  settings: ProducerSettings,
  inFlightRecords: number,
  inFlightBytes: number,
): number {
  let bytes = 0;
  const limit = settings.maxRecordBytes ?? MAX_REQUEST_BYTES;
  for (const record of records) {
    const size = sizeOf(record);
    if (size > limit)
      throw new Problem('body-too-large', `a record may have ${limit} bytes as Avro; this one has ${size}`);
    bytes += size;
  }
  if (
    inFlightRecords + records.length > settings.maxInFlightRecords ||
    inFlightBytes + bytes > settings.maxInFlightBytes
  )
    throw new Problem('saturated', 'too many records wait for Kafka: nothing was written', {
      headers: { 'retry-after': '1' },
    });
  return bytes;
}

/** Splits records that are too large for one request into several requests. */
function requests(records: readonly LaneRecord[]): (readonly LaneRecord[])[] {
  const parts: LaneRecord[][] = [];
  let part: LaneRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (part.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += size;
  }
  return [...parts, part];
}

function toWritten({ partition, key, value, traceparent, headers }: LaneRecord): WrittenRecord {
  if (traceparent === undefined && headers === undefined) return { partition, key, value };
  if (headers === undefined) return { partition, key, value, headers: { traceparent } };
  return { partition, key, value, headers: { ...headers, ...(traceparent !== undefined && { traceparent }) } };
}
