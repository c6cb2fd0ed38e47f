import { setTimeout as sleep, setImmediate as yieldToLoop } from 'node:timers/promises';
import type { Log } from '@millrace/core/log/create-log';
import { turnTaker } from '@millrace/core/promise/turn-taker';
import type { Admin } from '@millrace/core/stream/admin';
import type { Kafka } from '@millrace/core/stream/kafka';
import type { Registry } from '@millrace/core/stream/open-registry';
import { partitionName } from '@millrace/core/stream/partition-name';
import { type Catalog, type RuleRecord, versionIn } from '../catalog/catalog.ts';
import { saysSomething } from '../catalog/rule-entry.ts';
import type { Engine } from '../engine/engine.ts';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { Entry } from '../evaluate/entry.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import { planFor } from '../evaluate/plan.ts';
import { openReaders } from '../read/read-entries.ts';
import { WON_EVENTS } from '../rule/rule.ts';
import type { Subjects } from '../streams/subjects.ts';
import { findRanges, type HistoryRange } from './find-ranges.ts';
import { openHistory } from './open-history.ts';
import { ownOutcomes } from './own-outcomes.ts';
import { readRanges } from './read-ranges.ts';

export type DryOptions = {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly registry: Registry;
  readonly subjects: Subjects;
  readonly catalog: Catalog;
  readonly groupPrefix: string;
  readonly maxDepth: number;
  readonly clockSkewMs: number;
  readonly log: Log;
};

export type DryQuestion = {
  /** In force from `from` on. With a rule about won events, the rules of the catalog are in force too, as they were. */
  readonly candidates: readonly CompiledRule[];
  /** Append times: from one up to another, which is past. */
  readonly from: number;
  readonly to: number;
  readonly keepNotWon: number;
  /** Whether today's accounts are asked about, rather than those of the time. */
  readonly currentAccounts: boolean;
  /** Whether what other rules say of the candidates' won events is wanted too. */
  readonly withFollowers: boolean;
};

export type DrySink = {
  /** Called for each evaluation of a candidate. */
  readonly onEvaluated: (rule: CompiledRule) => void;
  /** What candidates say, in the order of each account partition; no more is evaluated until it resolves. */
  readonly onOutcomes: (outcomes: readonly Outcome[]) => Promise<void>;
  readonly onProgress: (readRecords: number) => void;
};

/** A range that was read, and when its first record was appended: another time says that the topic is another one. */
export type ReadRange = HistoryRange & { readonly firstAppendTime: number | undefined };

/** Entries and evaluations at a time, if they do not take longer: the event loop is then given to others. */
const STEP = 16_384;
/** Entries of one range in memory, past which it is not read on. */
const AHEAD = 8_192;

/**
 * Evaluates candidates over history, as they would have been evaluated live, and writes nothing. Answers the ranges that it read, which
 * are all that what it found depends on.
 */
export async function dryRun(
  question: DryQuestion,
  options: DryOptions,
  sink: DrySink,
  signal: AbortSignal,
): Promise<readonly ReadRange[]> {
  const { candidates, from, to, currentAccounts, withFollowers } = question;
  const { admin, registry, subjects, catalog, maxDepth, clockSkewMs } = options;
  /** What was appended before `to` is there for all to see once the clocks may differ no more. */
  await sleep(Math.max(0, to + clockSkewMs - Date.now()), undefined, { signal });
  const ids = new Set(candidates.map(({ ruleId }) => ruleId));
  const beside = rulesBeside(question, catalog);
  const plan = planFor([...candidates, ...beside.flatMap((record) => versionIn(record)?.rule ?? [])], maxDepth);
  const begin = from - plan.warmUpMs;
  const ranges = await findRanges({ admin, subjects, plan, from: begin, to, currentAccounts });
  const engines = new Map<number, Engine>();
  for (let partition = 0; partition < subjects.partitions; partition += 1) {
    const evaluation = { maxDepth, keepNotWon: question.keepNotWon, onEvaluated };
    engines.set(partition, openHistory({ partition, ranges, candidates, beside, from, to, plan, evaluation }));
  }
  const readers = openReaders(subjects, registry);
  const own = ownOutcomes(ids, withFollowers);
  const firstTimes = new Map<string, number>();

  await readRanges(ranges, {
    ...options,
    signal,
    async onRead({ topic, partition, isEarly }, records, nextOffset) {
      const [engine, read] = [engines.get(partition), readers.get(topic)];
      if (!engine || !read) return;
      const name = partitionName(topic, partition);
      const [first] = records;
      if (first && !firstTimes.has(name)) firstTimes.set(name, first.appendTime);
      const { block, orderTime } = await read(records, engine.orderTime(topic, partition));
      engine.push(topic, partition, {
        nextOffset,
        orderTime: isEarly ? begin : orderTime,
        block: isEarly ? atStart(block, begin) : block,
      });
      sink.onProgress(records.length);
      await drain(engine);
    },
    async onEnd({ topic, partition }) {
      const engine = engines.get(partition);
      engine?.completeBefore(topic, partition, to - 0.5);
      if (engine) await drain(engine);
    },
    isFull: ({ topic, partition }) => (engines.get(partition)?.pending(topic, partition) ?? 0) > AHEAD,
  });
  for (const engine of engines.values()) await drain(engine);
  return ranges.map((range) => ({
    ...range,
    firstAppendTime: firstTimes.get(partitionName(range.topic, range.partition)),
  }));

  function onEvaluated(rule: CompiledRule): void {
    if (ids.has(rule.ruleId)) sink.onEvaluated(rule);
  }

  async function drain(engine: Engine): Promise<void> {
    const step = () => engine.step(STEP, turnTaker().isDue);
    for (let taken = step(); taken; taken = step()) {
      const found = own(taken.outcomes);
      if (found.length > 0) await sink.onOutcomes(found);
      await yieldToLoop();
      signal.throwIfAborted();
    }
  }
}

/** What the stream of rules says of other rules, where won events go from one to another. */
function rulesBeside({ candidates, to, withFollowers }: DryQuestion, catalog: Catalog): readonly RuleRecord[] {
  const ids = new Set(candidates.map(({ ruleId }) => ruleId));
  const records = catalog.records().filter((record) => !ids.has(record.ruleId) && record.at < to);
  const isAboutWins = (rule: CompiledRule | undefined) => rule?.streams.includes(WON_EVENTS) === true;
  const isChained =
    candidates.some(isAboutWins) || (withFollowers && records.some((record) => isAboutWins(versionIn(record)?.rule)));
  return isChained ? records.filter(saysSomething) : [];
}

/** Today's accounts hold from the start. */
function atStart<Given extends { readonly entries: readonly Entry[] }>(block: Given, at: number) {
  const entries = block.entries.map((entry) => (entry.kind === 'account' ? { ...entry, at, event: undefined } : entry));
  return { ...block, times: Float64Array.from(entries, () => at), entries };
}
