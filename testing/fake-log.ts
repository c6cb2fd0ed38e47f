import type { ConsumedRecord } from '@millrace/core/stream/consumed-record';
import type { Fetched, UnreadableBatch } from '@millrace/core/stream/kafka-consumer';

/** One partition's records in memory. */
export type FakeLog = {
  /** Appends records, of which only what matters to a test need be given; text becomes the value. */
  append(...records: readonly (string | Partial<ConsumedRecord>)[]): void;
  /** Takes up `count` offsets without a record that is read: control records. */
  appendControl(count?: number): void;
  /** Takes up `count` offsets with a batch that can't be read. */
  appendUnreadable(count: number, reason: string): void;
  /** Removes what is older, as retention does. */
  removeBefore(offset: bigint): void;
  /** Begins again at offset 0, as a topic does that was deleted and created again. */
  recreate(): void;
  lowOffset(): bigint;
  end(): bigint;
  /** What one fetch brings: all from the offset on. */
  read(from: bigint): Pick<Fetched, 'records' | 'unreadable' | 'firstOffset' | 'nextOffset'>;
};

export function fakeLog(onChange: () => void): FakeLog {
  let records: ConsumedRecord[] = [];
  let unreadable: UnreadableBatch[] = [];
  let low = 0n;
  let end = 0n;

  return {
    append(...given) {
      for (const record of given) {
        const fields = typeof record === 'string' ? { value: Buffer.from(record) } : record;
        records.push({ offset: end, key: null, value: null, headers: {}, appendTime: Number(end), ...fields });
        end += 1n;
      }
      onChange();
    },
    appendControl(count = 1) {
      end += BigInt(count);
      onChange();
    },
    appendUnreadable(count, reason) {
      unreadable.push({ firstOffset: end, lastOffset: end + BigInt(count) - 1n, reason });
      end += BigInt(count);
      onChange();
    },
    removeBefore(offset) {
      low = offset;
      records = records.filter((record) => record.offset >= offset);
      unreadable = unreadable.filter(({ lastOffset }) => lastOffset >= offset);
    },
    recreate() {
      records = [];
      unreadable = [];
      low = 0n;
      end = 0n;
    },
    lowOffset: () => low,
    end: () => end,
    read: (from) => ({
      records: records.filter(({ offset }) => offset >= from),
      unreadable: unreadable.filter(({ lastOffset }) => lastOffset >= from),
      firstOffset: from,
      nextOffset: end,
    }),
  };
}
