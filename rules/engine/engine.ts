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
  /**
   * Takes entries and ticks that nothing can precede any more; undefined when there are none. Their evaluations count towards the limit.
   * @param isDue asked after each: whether that is enough for now
   */
  step(limit: number, isDue?: () => boolean): { readonly outcomes: readonly Outcome[] } | undefined;
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

type Step = {
  readonly limit: number;
  readonly isDue: () => boolean;
  taken: number;
  readonly outcomes: Outcome[];
};

const never = () => false;
const isOver = ({ taken, limit, isDue }: Step): boolean => taken >= limit || (taken > 0 && isDue());

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
    step(limit, isDue = never) {
      const step: Step = { limit, isDue, taken: 0, outcomes: [] };
      if (runs.length === 0) startRuns(merge.take(limit));
      for (let run = runs[0]; run && !isOver(step); run = runs[0]) takeFrom(run, step);
      if (runs.length === 0) takeTicks(merge.watermark() ?? Number.NEGATIVE_INFINITY, step);
      unforgotten += step.taken;
      if (unforgotten >= FORGET_EVERY) {
        evaluator.forget();
        unforgotten = 0;
      }
      return step.taken > 0 ? step : undefined;
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

  /** Entries of the first run, each after the ticks before it. */
  function takeFrom({ partition: index, block, to }: Run<Block>, step: Step): void {
    const lane = lanes[index];
    const { entries, offsets, times } = block;
    const from = next;
    for (; next < to; next += 1) {
      const [entry, offset] = [entries[next], offsets[next]];
      if (!lane || !entry || offset === undefined) continue;
      takeTicks(entry.at, step);
      if (isOver(step)) break;
      const isQuiet = offset < lane.quietBefore;
      const before = evaluator.evaluations();
      keep(evaluator.apply(entry, isQuiet), isQuiet, before, step);
    }
    const [last, orderTime] = [offsets[next - 1], times[next - 1]];
    if (lane && next > from && last !== undefined && orderTime !== undefined)
      lane.taken = { nextOffset: last + 1n, orderTime };
    if (next === to) startRuns(runs.slice(1));
  }

  function takeTicks(until: number, step: Step): void {
    for (let tick = evaluator.nextTick(); tick !== undefined && tick <= until; tick = evaluator.nextTick()) {
      if (isOver(step)) return;
      const isQuiet = tick <= quietTo.reached;
      const before = evaluator.evaluations();
      keep(evaluator.tick(isQuiet), isQuiet, before, step);
    }
  }

  /** Adds the outcomes of an entry or a tick, if they are wanted. */
  function keep(found: readonly Outcome[], isQuiet: boolean, evaluationsBefore: number, step: Step): void {
    step.taken += 1 + evaluator.evaluations() - evaluationsBefore;
    if (!isQuiet) for (const outcome of found) step.outcomes.push(outcome);
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
