import { mergePartitions, type Run } from '@millrace/core/order/merge-partitions';
import { larger } from '@millrace/core/order/offsets';
import { partitionName } from '@millrace/core/stream/partition-name';
import type { Entry } from '../evaluate/entry.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import { inOrder, type LaneKey } from './lanes.ts';
import type { LanePosition, Position } from './position.ts';

/** Records of a lane in the order of their offsets, without those that are no entries. */
export type Block = {
  readonly times: Float64Array;
  readonly offsets: readonly bigint[];
  readonly entries: readonly Entry[];
};

export type LaneStart = LaneKey & LanePosition;

export type EngineOptions = {
  readonly lanes: readonly LaneStart[];
  readonly evaluator: Evaluator;
  /** The outcomes of what lies before it are not wanted. */
  readonly quietTo: Position;
};

/** Records of one lane, read from offset to offset. */
export type ReadRecords = {
  /** The first offset after what was read. */
  readonly nextOffset: bigint;
  /** The running maximum of append times up to there. */
  readonly orderTime: number;
  readonly block: Block | undefined;
};

export type Engine = {
  /** What was read of a lane, after what was read of it before. */
  push(topic: string, partition: number, read: ReadRecords): void;
  /** Nothing before this offset is left to read. */
  skipTo(topic: string, partition: number, nextOffset: bigint): void;
  /** Says that everything of a lane that was appended before a time has been pushed. */
  completeBefore(topic: string, partition: number, time: number): void;
  /** Takes entries and ticks that nothing can precede any more; undefined when there are none. Their evaluations count towards the limit. */
  step(limit: number): { readonly outcomes: readonly Outcome[] } | undefined;
  /** The first offset of a lane that was not pushed; undefined for a lane that is not in the order. */
  nextOffset(topic: string, partition: number): bigint | undefined;
  /** The running maximum of append times of what was pushed. */
  orderTime(topic: string, partition: number): number;
  /** Entries of a lane that wait. */
  pending(topic: string, partition: number): number;
  /** When the first entry that waits was appended, or the next tick is. */
  nextTime(): number | undefined;
  /** How far it has come, and never less than what is quiet. */
  position(): Position;
};

type Lane = LaneKey & {
  readonly index: number;
  readonly quietBefore: bigint;
  /** After what was pushed. */
  read: LanePosition;
  /** After what was taken. */
  taken: LanePosition;
};

/** What need not be remembered any more is looked for each time this many entries were taken. */
const FORGET_EVERY = 100_000;

/** The entries of an account partition in the order that the log gives them, and what an evaluator says of them. */
export function createEngine({ lanes: starts, evaluator, quietTo }: EngineOptions): Engine {
  const lanes = inOrder(starts).map(({ topic, partition, rank, nextOffset, orderTime }, index): Lane => {
    const quietBefore = quietTo.lanes.get(partitionName(topic, partition))?.nextOffset ?? 0n;
    const at = { nextOffset, orderTime };
    return { topic, partition, rank, index, quietBefore, read: at, taken: at };
  });
  const byName = new Map(lanes.map((lane) => [partitionName(lane.topic, lane.partition), lane]));
  const merge = mergePartitions<Block>(lanes.map(({ index, read }) => ({ partition: index, floor: read.orderTime })));
  /** What the merge has given and is still to be evaluated: from the `next` entry of the first run on. */
  let runs: Run<Block>[] = [];
  let next = 0;
  let unforgotten = 0;

  return {
    push(topic, partition, { nextOffset, orderTime, block }) {
      const lane = laneFor(topic, partition);
      if (!lane) return;
      lane.read = { nextOffset, orderTime: Math.max(lane.read.orderTime, orderTime) };
      if (block && block.entries.length > 0) merge.push(lane.index, block);
      merge.completeBefore(lane.index, lane.read.orderTime);
    },
    skipTo(topic, partition, nextOffset) {
      const lane = laneFor(topic, partition);
      if (lane) lane.read = { ...lane.read, nextOffset: larger(lane.read.nextOffset, nextOffset) };
    },
    completeBefore(topic, partition, time) {
      const lane = laneFor(topic, partition);
      if (lane) merge.completeBefore(lane.index, time);
    },
    step(limit) {
      const outcomes: Outcome[] = [];
      if (runs.length === 0) startRuns(merge.take(limit));
      let taken = 0;
      for (let run = runs[0]; run && taken < limit; run = runs[0]) taken += takeFrom(run, limit - taken, outcomes);
      if (runs.length === 0) taken += takeTicks(merge.watermark() ?? Number.NEGATIVE_INFINITY, limit - taken, outcomes);
      unforgotten += taken;
      if (unforgotten >= FORGET_EVERY) {
        evaluator.forget();
        unforgotten = 0;
      }
      return taken > 0 ? { outcomes } : undefined;
    },
    nextOffset: (topic, partition) => laneFor(topic, partition)?.read.nextOffset,
    orderTime: (topic, partition) => laneFor(topic, partition)?.read.orderTime ?? Number.NEGATIVE_INFINITY,
    pending(topic, partition) {
      const lane = laneFor(topic, partition);
      return lane ? pendingOf(lane) : 0;
    },
    nextTime() {
      const times = [runs[0]?.block.times[next], merge.nextTime(), evaluator.nextTick()].flatMap((time) => time ?? []);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    position() {
      const passed = new Map(quietTo.lanes);
      for (const lane of lanes) {
        const name = partitionName(lane.topic, lane.partition);
        const at = pendingOf(lane) > 0 ? lane.taken : lane.read;
        if (at.nextOffset >= (passed.get(name)?.nextOffset ?? 0n)) passed.set(name, at);
      }
      return { lanes: passed, reached: Math.max(quietTo.reached, evaluator.reached()) };
    },
  };

  function startRuns(given: Run<Block>[]): void {
    runs = given;
    next = runs[0]?.from ?? 0;
  }

  /** Entries of the first run, each after the ticks before it; answers how much of the limit that took. */
  function takeFrom({ partition: index, block, to }: Run<Block>, most: number, outcomes: Outcome[]): number {
    const lane = lanes[index];
    let taken = 0;
    for (; next < to; next += 1) {
      const [entry, offset, orderTime] = [block.entries[next], block.offsets[next], block.times[next]];
      if (!lane || !entry || offset === undefined || orderTime === undefined) continue;
      taken += takeTicks(entry.at, most - taken, outcomes);
      if (taken >= most) return taken;
      const isQuiet = offset < lane.quietBefore;
      taken += keep(outcomes, isQuiet, () => evaluator.apply(entry, isQuiet));
      lane.taken = { nextOffset: offset + 1n, orderTime };
    }
    startRuns(runs.slice(1));
    return taken;
  }

  function takeTicks(until: number, most: number, outcomes: Outcome[]): number {
    let taken = 0;
    for (let tick = evaluator.nextTick(); tick !== undefined && tick <= until; tick = evaluator.nextTick()) {
      if (taken >= most) break;
      const isQuiet = tick <= quietTo.reached;
      taken += keep(outcomes, isQuiet, () => evaluator.tick(isQuiet));
    }
    return taken;
  }

  /** Adds the outcomes of an entry or a tick, if they are wanted; answers how much of the limit it took. */
  function keep(outcomes: Outcome[], isQuiet: boolean, evaluate: () => Outcome[]): number {
    const before = evaluator.evaluations();
    const found = evaluate();
    if (!isQuiet) for (const outcome of found) outcomes.push(outcome);
    return 1 + evaluator.evaluations() - before;
  }

  function pendingOf({ index }: Lane): number {
    const own = runs.reduce((sum, { partition, from, to }, i) => {
      if (partition !== index) return sum;
      return sum + to - (i === 0 ? next : from);
    }, 0);
    return own + merge.pending(index);
  }

  function laneFor(topic: string, partition: number): Lane | undefined {
    return byName.get(partitionName(topic, partition));
  }
}
