/** What the order of a stream is made of; every other field is the caller's. */
export type Ordered = {
  readonly partition: number;
  readonly offset: bigint;
  /** The running maximum of append times in the partition, so that a broker's clock set back does not break its order. */
  readonly orderTime: number;
};

type Lane<Record> = {
  readonly partition: number;
  pending: Record[];
  head: number;
  /** No record still to be read can have a smaller order time. */
  floor: number;
};

export type Merge<Record extends Ordered> = {
  /** Records of one partition in offset order, after those pushed before. */
  push(partition: number, records: readonly Record[]): void;
  /** Says that every record of the partition appended before `time` has been pushed. */
  completeBefore(partition: number, time: number): void;
  /** The next records in order of (order time, partition, offset), at most `limit`: those that nothing can precede any more. */
  take(limit: number): Record[];
  /** Records pushed and not taken: of one partition, or of all. */
  pending(partition?: number): number;
  /** The order time of the next record, whether or not it may be taken yet. */
  nextTime(): number | undefined;
  /** Everything appended before it has been taken, or is next; undefined without partitions. */
  watermark(): number | undefined;
};

/**
 * Merges partitions into one order that depends on the log alone, not on when its records arrive.
 * @param partitions all of the topic's; `floor` is the order time of the last record taken before, if there was one
 */
export function mergePartitions<Record extends Ordered>(
  partitions: readonly { readonly partition: number; readonly floor?: number | undefined }[],
): Merge<Record> {
  const lanes: Lane<Record>[] = [];
  for (const { partition, floor } of partitions) addLane(partition, floor);

  return {
    push(partition, records) {
      const lane = laneOf(partition);
      lane.pending = lane.pending.length === lane.head ? [...records] : lane.pending.slice(lane.head).concat(records);
      lane.head = 0;
      const last = records.at(-1);
      if (last) lane.floor = Math.max(lane.floor, last.orderTime);
    },
    completeBefore(partition, time) {
      const lane = laneOf(partition);
      lane.floor = Math.max(lane.floor, time);
    },
    take(limit) {
      const taken: Record[] = [];
      while (taken.length < limit && takeRun(taken, limit));
      return taken;
    },
    pending: (partition) =>
      lanes.reduce(
        (sum, lane) =>
          partition === undefined || partition === lane.partition ? sum + lane.pending.length - lane.head : sum,
        0,
      ),
    nextTime() {
      const times = lanes.flatMap((lane) => lane.pending[lane.head]?.orderTime ?? []);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    watermark() {
      return lanes.length > 0 ? Math.min(...lanes.map(reach)) : undefined;
    },
  };

  /**
   * Takes from the partition whose record comes next, up to what any other partition holds or may still bring. Records of
   * one produce batch share an append time, so runs are long and the search is rare. False when nothing may be taken.
   */
  function takeRun(taken: Record[], limit: number): boolean {
    const lane = earliest(lanes, ({ pending, head }) => pending[head]?.orderTime);
    if (!lane) return false;
    const others = lanes.filter((other) => other !== lane);
    const bound = earliest(others, reach);
    const boundTime = bound ? reach(bound) : Number.POSITIVE_INFINITY;
    const winsTies = !bound || lane.partition < bound.partition;
    const before = taken.length;
    for (let record = lane.pending[lane.head]; record && taken.length < limit; record = lane.pending[lane.head]) {
      if (record.orderTime > boundTime || (record.orderTime === boundTime && !winsTies)) break;
      taken.push(record);
      lane.head += 1;
    }
    return taken.length > before;
  }

  function laneOf(partition: number): Lane<Record> {
    return lanes.find((lane) => lane.partition === partition) ?? addLane(partition, undefined);
  }

  /** Kept by partition number, so that among equal times the smallest partition is met first. */
  function addLane(partition: number, floor: number | undefined): Lane<Record> {
    const lane: Lane<Record> = { partition, pending: [], head: 0, floor: floor ?? Number.NEGATIVE_INFINITY };
    lanes.push(lane);
    lanes.sort((a, b) => a.partition - b.partition);
    return lane;
  }
}

/** The order time of the next record of a lane, or the least that one still to be read can have. */
function reach<Record extends Ordered>({ pending, head, floor }: Lane<Record>): number {
  return pending[head]?.orderTime ?? floor;
}

/** The lane with the smallest time, the first of them on a tie. */
function earliest<Record>(
  lanes: readonly Lane<Record>[],
  timeOf: (lane: Lane<Record>) => number | undefined,
): Lane<Record> | undefined {
  let best: Lane<Record> | undefined;
  let bestTime = Number.POSITIVE_INFINITY;
  for (const lane of lanes) {
    const time = timeOf(lane);
    if (time !== undefined && (time < bestTime || (best === undefined && time === bestTime))) {
      best = lane;
      bestTime = time;
    }
  }
  return best;
}
