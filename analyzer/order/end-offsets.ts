import { larger, smaller } from '@millrace/core/order/offsets';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';

/** Where a stream's topic starts and ends, as last seen, and what that says of what is numbered. */
export type EndOffsets = {
  /** Takes what was fetched; answers whether retention has removed more of the topic's start. */
  observe(offsets: readonly PartitionOffsets[]): boolean;
  /**
   * How much of what was to be read at the first look is numbered, in offsets; undefined before that. What retention removes
   * meanwhile is not to be read any more.
   */
  caughtUp(): { readonly done: bigint; readonly target: bigint } | undefined;
  /** How many offsets are without a number; undefined before any was seen. */
  lag(): bigint | undefined;
  /** Whether retention has removed the start of the topic. */
  isTruncated(): boolean;
  /** How many offsets the topic holds; undefined before any was seen. */
  retainedCount(): bigint | undefined;
};

/** @param numberedOffset by partition, the first offset without a number */
export function createEndOffsets(numberedOffset: (partition: number) => bigint): EndOffsets {
  const ends = new Map<number, PartitionOffsets>();
  let firstEnds: readonly PartitionOffsets[] | undefined;
  /** By partition, the offset from which `caughtUp` counts. */
  const begins = new Map<number, bigint>();
  const lowOffset = (partition: number) => ends.get(partition)?.lowOffset ?? 0n;
  const numberedOrRemoved = (partition: number) => larger(numberedOffset(partition), lowOffset(partition));

  return {
    observe(offsets) {
      firstEnds ??= offsets;
      const isCut = offsets.some((end) => end.lowOffset > lowOffset(end.partition));
      for (const end of offsets) {
        const before = numberedOrRemoved(end.partition);
        begins.set(end.partition, (begins.get(end.partition) ?? before) + larger(end.lowOffset - before, 0n));
        ends.set(end.partition, end);
      }
      return isCut;
    },
    caughtUp() {
      if (!firstEnds) return undefined;
      let [done, target] = [0n, 0n];
      for (const { partition, logEndOffset } of firstEnds) {
        const begin = smaller(begins.get(partition) ?? 0n, logEndOffset);
        done += larger(smaller(numberedOrRemoved(partition), logEndOffset) - begin, 0n);
        target += logEndOffset - begin;
      }
      return { done, target };
    },
    lag() {
      if (ends.size === 0) return undefined;
      let lag = 0n;
      for (const { partition, logEndOffset } of ends.values())
        lag += larger(logEndOffset - numberedOrRemoved(partition), 0n);
      return lag;
    },
    isTruncated: () => [...ends.values()].some((end) => end.lowOffset > 0n),
    retainedCount() {
      if (ends.size === 0) return undefined;
      return [...ends.values()].reduce((sum, end) => sum + end.logEndOffset - end.lowOffset, 0n);
    },
  };
}
