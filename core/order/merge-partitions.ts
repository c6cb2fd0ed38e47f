/** Consecutive records of one partition; every other field is the caller's. */
export type Ordered = {
  /**
   * The order time of each record: the running maximum of append times in the partition, so that a broker's clock set
   * back does not break its order. Never empty.
   */
  readonly times: Float64Array;
};

/** Records `from` to `to`, the latter excluded, of a block. */
export type Run<Block> = {
  readonly partition: number;
  readonly block: Block;
  readonly from: number;
  readonly to: number;
};

export const recordsIn = (runs: readonly Run<unknown>[]): number =>
  runs.reduce((sum, { from, to }) => sum + to - from, 0);

type Lane<Block> = {
  readonly partition: number;
  readonly blocks: Block[];
  /** The next record within the first block. */
  next: number;
  pending: number;
  /** No record still to be read can have a smaller order time. */
  floor: number;
};

export type Merge<Block extends Ordered> = {
  /** Records of one partition in offset order, after those pushed before. */
  push(partition: number, block: Block): void;
  /** Says that every record of the partition appended before `time` has been pushed. */
  completeBefore(partition: number, time: number): void;
  /** The next records in order of (order time, partition, offset), at most `limit`: those that nothing can precede any more. */
  take(limit: number): Run<Block>[];
  /** Whether `take` would give any. */
  ready(): boolean;
  /** Records pushed and not taken: of one partition, or of all. */
  pending(partition?: number): number;
  /** The order time of the next record, whether or not it may be taken yet. */
  nextTime(): number | undefined;
  /** Everything appended before it has been taken; undefined without partitions. */
  watermark(): number | undefined;
};

/**
 * Merges partitions into one order that depends on the log alone, not on when its records arrive. To merge several topics, number
 * all their partitions in the order that equal times shall have.
 * @param partitions all of the topic's; `floor` is the order time of the last record taken before, if there was one
 */
export function mergePartitions<Block extends Ordered>(
  partitions: readonly { readonly partition: number; readonly floor?: number | undefined }[],
): Merge<Block> {
  const lanes: Lane<Block>[] = [];
  for (const { partition, floor } of partitions) addLane(partition, floor);

  return {
    push(partition, block) {
      const lane = laneOf(partition);
      lane.blocks.push(block);
      lane.pending += block.times.length;
      lane.floor = Math.max(lane.floor, block.times.at(-1) ?? lane.floor);
    },
    completeBefore(partition, time) {
      const lane = laneOf(partition);
      lane.floor = Math.max(lane.floor, time);
    },
    take(limit) {
      const runs: Run<Block>[] = [];
      let left = limit;
      while (left > 0) {
        const run = nextRun(left);
        if (!run) break;
        advance(run);
        left -= run.to - run.from;
        runs.push(run);
      }
      return runs;
    },
    ready: () => nextRun(1) !== undefined,
    pending: (partition) =>
      lanes
        .filter((lane) => partition === undefined || partition === lane.partition)
        .reduce((sum, lane) => sum + lane.pending, 0),
    nextTime() {
      const times = lanes.flatMap((lane) => headTime(lane) ?? []);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    watermark: () => (lanes.length > 0 ? Math.min(...lanes.map(reach)) : undefined),
  };

  /**
   * Of the partition whose record comes next: up to what any other partition holds or may still bring, and no further than
   * one block. Records of one produce batch share an append time, so runs are long and the search is rare.
   */
  function nextRun(limit: number): Run<Block> | undefined {
    const lane = earliest(lanes, headTime);
    const [block] = lane?.blocks ?? [];
    if (!lane || !block) return undefined;
    const others = lanes.filter((other) => other !== lane);
    const bound = earliest(others, reach);
    const boundTime = bound ? reach(bound) : Number.POSITIVE_INFINITY;
    const winsTies = !bound || lane.partition < bound.partition;
    const from = lane.next;
    const most = Math.min(block.times.length, from + limit);
    let to = from;
    while (to < most && (at(block, to) < boundTime || (winsTies && at(block, to) === boundTime))) to += 1;
    return to > from ? { partition: lane.partition, block, from, to } : undefined;
  }

  function advance({ partition, block, from, to }: Run<Block>) {
    const lane = laneOf(partition);
    lane.next = to;
    lane.pending -= to - from;
    if (to < block.times.length) return;
    lane.blocks.shift();
    lane.next = 0;
  }

  function laneOf(partition: number): Lane<Block> {
    return lanes.find((lane) => lane.partition === partition) ?? addLane(partition, undefined);
  }

  /** Kept by partition number, so that among equal times the smallest partition is met first. */
  function addLane(partition: number, floor: number | undefined): Lane<Block> {
    const lane = { partition, blocks: [], next: 0, pending: 0, floor: floor ?? Number.NEGATIVE_INFINITY };
    lanes.push(lane);
    lanes.sort((a, b) => a.partition - b.partition);
    return lane;
  }
}

const at = ({ times }: Ordered, index: number) => times[index] ?? Number.POSITIVE_INFINITY;

function headTime<Block extends Ordered>({ blocks, next }: Lane<Block>): number | undefined {
  return blocks[0]?.times[next];
}

/** The order time of the next record of a lane, or the least that one still to be read can have. */
function reach<Block extends Ordered>(lane: Lane<Block>): number {
  return headTime(lane) ?? lane.floor;
}

/** The lane with the smallest time, the first of them on a tie. */
function earliest<Block>(
  lanes: readonly Lane<Block>[],
  timeOf: (lane: Lane<Block>) => number | undefined,
): Lane<Block> | undefined {
  let best: Lane<Block> | undefined;
  let bestTime = Number.POSITIVE_INFINITY;
  for (const lane of lanes) {
    const time = timeOf(lane);
    if (time === undefined || (best && time >= bestTime)) continue;
    best = lane;
    bestTime = time;
  }
  return best;
}
