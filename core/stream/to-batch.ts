import { parseTraceparent } from '../trace/trace-context.ts';
import type { Batch } from './consume.ts';
import type { Fetched, UnreadableBatch } from './kafka-consumer.ts';
import { headerText } from './record-headers.ts';

type BatchOptions = {
  readonly fromOffset: bigint;
  /** The batch ends before it. */
  readonly damage: UnreadableBatch | undefined;
  readonly traces: boolean;
};

/** What was fetched, up to what can't be read, as a batch that was read from an offset on. */
export function toBatch(fetched: Fetched, { fromOffset, damage, traces }: BatchOptions): Batch {
  const { topic, partition, nextOffset, logEndOffset } = fetched;
  const records = traces ? withTraces(fetched) : fetched.records;
  if (!damage) return { topic, partition, fromOffset, records, nextOffset, logEndOffset };
  const { firstOffset: end } = damage;
  const before = records.filter(({ offset }) => offset < end);
  return {
    topic,
    partition,
    fromOffset,
    records: before,
    nextOffset: end > fromOffset ? end : fromOffset,
    logEndOffset,
  };
}

function withTraces({ records }: Fetched): Fetched['records'] {
  return records.map((record) => {
    const traceparent = headerText(record.headers, 'traceparent');
    return traceparent === undefined ? record : { ...record, trace: parseTraceparent(traceparent) };
  });
}
