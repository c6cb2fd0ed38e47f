import type { Run } from '@millrace/core/order/merge-partitions';
import type { RecordBlock } from '../read/read-block.ts';
import { CHUNK_ROWS } from './fill-chunk.ts';

/** Cuts runs so that each group has as many records as a chunk has rows. */
export function* chunksOf(runs: readonly Run<RecordBlock>[]): Generator<readonly Run<RecordBlock>[]> {
  let group: Run<RecordBlock>[] = [];
  let room = CHUNK_ROWS;
  for (const run of runs) {
    for (let from = run.from; from < run.to; ) {
      const to = Math.min(run.to, from + room);
      group.push({ ...run, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield group;
      group = [];
      room = CHUNK_ROWS;
    }
  }
  if (group.length > 0) yield group;
}
