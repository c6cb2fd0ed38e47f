import type { Batch } from '@millrace/core/stream/consume';

/** A batch as several that follow each other, so that a large fetch neither takes much memory at once nor blocks for long. */
export function* slices(batch: Batch, records: number): Generator<Batch> {
  let { fromOffset } = batch;
  for (let start = 0; start < batch.records.length; start += records) {
    const some = batch.records.slice(start, start + records);
    const following = batch.records[start + records];
    const nextOffset = following ? following.offset : batch.nextOffset;
    yield { ...batch, fromOffset, records: some, nextOffset };
    fromOffset = nextOffset;
  }
}
