import { Problem } from '../problem/problem.ts';
import { refusalOf } from './kafka-fault.ts';
import type { RecordHeaders } from './record-headers.ts';

export type LaneRecord = {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly traceparent?: string;
  /** Only for dead letters and redriven records; every other record has `traceparent` alone. */
  readonly headers?: RecordHeaders;
};
export type Acknowledged = { readonly partition: number; readonly offset: bigint };

/** Writes one request's worth of records with acks=all and answers the base offset of each partition written. */
export type SendBatch = (records: readonly LaneRecord[]) => Promise<ReadonlyMap<number, bigint>>;

const RECORD_OVERHEAD_BYTES = 100;

type Entry = {
  readonly records: readonly LaneRecord[];
  readonly bytes: number;
  readonly resolve: (acknowledged: Acknowledged[]) => void;
  readonly reject: (problem: Problem) => void;
  readonly timer: NodeJS.Timeout;
};

export type LaneLimits = {
  readonly deadlineMs: number;
  readonly maxRequestRecords: number;
  readonly maxRequestBytes: number;
};

export type Lane = {
  /** Resolves, in the order given, once Kafka has acknowledged all; rejects with `kafka-unavailable` past the deadline. */
  produce(records: readonly LaneRecord[]): Promise<Acknowledged[]>;
  /** Resolves when nothing is waiting or in flight. */
  drain(): Promise<void>;
};

/**
 * One topic's queue to Kafka. A single request is in flight at a time, and all that arrives meanwhile makes up the next:
 * group commit, so concurrent callers share requests without a linger time, and a retried request can't overtake a later
 * one, so records of one key keep their order.
 */
export function createLane(send: SendBatch, { deadlineMs, maxRequestRecords, maxRequestBytes }: LaneLimits): Lane {
  const waiting = new Set<Entry>();
  const drained: (() => void)[] = [];
  let busy = false;

  return {
    produce: (records) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => expire(entry), deadlineMs);
        const entry: Entry = { records, bytes: bytesOf(records), resolve, reject, timer };
        waiting.add(entry);
        if (busy) return;
        busy = true;
        setImmediate(pump);
      }),
    drain: () => (busy ? new Promise((resolve) => drained.push(resolve)) : Promise.resolve()),
  };

  async function pump() {
    while (waiting.size > 0) await deliver(takeNext());
    busy = false;
    for (const done of drained.splice(0)) done();
  }

  /** Entries of one request succeed or fail together, except one that is too large for Kafka, which fails alone. */
  async function deliver(entries: readonly Entry[]): Promise<void> {
    try {
      acknowledge(entries, await send(entries.flatMap(({ records }) => records)));
    } catch (error) {
      if (isTooLarge(error) && entries.length > 1) for (const entry of entries) await deliver([entry]);
      else for (const entry of entries) settle(entry, () => entry.reject(notAcknowledged(error)));
    }
  }

  function takeNext(): Entry[] {
    const taken: Entry[] = [];
    let size = 0;
    let bytes = 0;
    for (const entry of waiting) {
      const fits = size + entry.records.length <= maxRequestRecords && bytes + entry.bytes <= maxRequestBytes;
      if (size > 0 && !fits) break;
      size += entry.records.length;
      bytes += entry.bytes;
      taken.push(entry);
      waiting.delete(entry);
    }
    return taken;
  }

  /**
   * Within a request, Kafka numbers a partition's records one after another from the base offset it answers. A partition that
   * the result lacks was not written, though there was no error: where a partition moves to another leader while a request
   * of several is sent, kafkajs's `sendMessages` tries again with the brokers that have not answered, and skips one that
   * has, although it now leads the partition that moved.
   */
  function acknowledge(entries: readonly Entry[], baseOffsets: ReadonlyMap<number, bigint>) {
    const next = new Map(baseOffsets);
    for (const entry of entries) {
      const acknowledged: Acknowledged[] = [];
      let missing: number | undefined;
      for (const { partition } of entry.records) {
        const offset = next.get(partition);
        if (offset === undefined) missing = partition;
        else {
          next.set(partition, offset + 1n);
          acknowledged.push({ partition, offset });
        }
      }
      if (missing === undefined) settle(entry, () => entry.resolve(acknowledged));
      else {
        const cause = new Error(`Kafka answered nothing for partition ${missing}`);
        settle(entry, () => entry.reject(notAcknowledged(cause)));
      }
    }
  }

  /** A request still waiting was never sent, which is worth saying: the caller may retry without a key. */
  function expire(entry: Entry) {
    const unsent = waiting.delete(entry);
    const detail = unsent
      ? 'Kafka is unreachable: nothing was written'
      : 'Kafka did not acknowledge in time: outcome unknown, retry with the same key';
    entry.reject(new Problem('kafka-unavailable', detail, { headers: { 'retry-after': '1' } }));
  }

  function settle(entry: Entry, answer: () => void) {
    clearTimeout(entry.timer);
    answer();
  }
}

/** What a record takes of a request, its traceparent and framing included. */
export const sizeOf = ({ key, value }: LaneRecord): number =>
  (key?.length ?? 0) + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES;

function bytesOf(records: readonly LaneRecord[]): number {
  let bytes = 0;
  for (const record of records) bytes += sizeOf(record);
  return bytes;
}

function notAcknowledged(cause: unknown): Problem {
  if (isTooLarge(cause)) return new Problem('body-too-large', 'Kafka refuses records this large', { cause });
  const detail = 'Kafka did not acknowledge: outcome unknown, retry with the same key';
  return new Problem('kafka-unavailable', detail, { cause, headers: { 'retry-after': '1' } });
}

/** A broker or topic set to take less than we allow ourselves. */
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
const isTooLarge = (error: unknown): boolean => TOO_LARGE.has(refusalOf(error) ?? '');
