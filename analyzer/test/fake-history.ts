import { type Run, recordsIn } from '@millrace/core/order/merge-partitions';
import type { RecordBlock } from '../read/read-block.ts';
import type { Checkpoint } from '../store/checkpoint.ts';
import type { History } from '../store/open-history.ts';
import { things } from './things.ts';

export type FakeHistory = History & {
  /** What was numbered: partition and offset of each record, in order. */
  readonly appended: readonly string[];
  /** Appending waits from now on, until what it gives is called. */
  hold(): () => void;
  readonly forgotten: readonly bigint[];
};

/** A history in memory: it keeps which records got a number, and its checkpoints. */
export function fakeHistory(checkpoints: readonly Checkpoint[] = []): FakeHistory {
  const held = new Map(checkpoints.map((each) => [each.partition, each]));
  const appended: string[] = [];
  const forgotten: bigint[] = [];
  let gate = Promise.resolve();

  return {
    table: { stream: things, epoch: 0, table: 'things$0' },
    checkpoints: held,
    appended,
    forgotten,
    count: () => BigInt(appended.length),
    first: () => 0n,
    isAuthoritative: () => true,
    version: () => String(appended.length),
    noteWriterSchema: () => undefined,
    hold() {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    async append(runs: readonly Run<RecordBlock>[]) {
      await gate;
      for (const { partition, block, from, to } of runs) {
        for (let i = from; i < to; i += 1) appended.push(`${partition}:${block.offsets[i]}`);
        const nextOffset = to === block.times.length ? block.end.nextOffset : (block.offsets[to - 1] ?? 0n) + 1n;
        held.set(partition, { partition, nextOffset, orderTime: block.times[to - 1] ?? 0, last: block.end.last });
      }
      return recordsIn(runs);
    },
    async remove() {},
    async forget(offsets) {
      forgotten.push(...offsets.map(({ lowOffset }) => lowOffset));
    },
    snapshot: async () => undefined,
  };
}

/** Records of a partition from an offset on, appended at these times, as they are read. */
export function blockOf(partition: number, fromOffset: bigint, times: readonly number[]) {
  const nextOffset = fromOffset + BigInt(times.length);
  const last = { offset: nextOffset - 1n, appendTime: times.at(-1) ?? 0, hash: undefined };
  const end = { nextOffset, orderTime: Math.max(...times), last };
  const block: RecordBlock = {
    partition,
    times: Float64Array.from(times),
    appendTimes: Float64Array.from(times),
    offsets: BigInt64Array.from(times, (_, i) => fromOffset + BigInt(i)),
    cells: [],
    end,
  };
  return { block, end, faults: [], removals: [] };
}
