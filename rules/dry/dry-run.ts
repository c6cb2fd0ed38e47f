import { setImmediate as yieldToLoop } from 'node:timers/promises';
import type { Log } from '@millrace/core/log/create-log';
import type { Admin } from '@millrace/core/stream/admin';
import type { Kafka } from '@millrace/core/stream/kafka';
import type { Registry } from '@millrace/core/stream/open-registry';
import { partitionName } from '@millrace/core/stream/partition-name';
import type { Catalog, RuleRecord } from '../catalog/catalog.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { ACCOUNTS_RANK, EVENTS_RANK, RULES_RANK } from '../engine/lanes.ts';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { Entry } from '../evaluate/entry.ts';
import type { Evaluation } from '../evaluate/evaluate-rules.ts';
import { createEvaluator } from '../evaluate/evaluator.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import { planFor } from '../evaluate/plan.ts';
import { readAccounts, readEvents } from '../read/read-entries.ts';
import { WON_EVENTS } from '../rule/rule.ts';
import type { Subjects } from '../streams/subjects.ts';
import { findRanges, type HistoryRange } from './find-ranges.ts';
import { readRanges } from './read-ranges.ts';

export type DryOptions = {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly registry: Registry;
  readonly subjects: Subjects;
  readonly catalog: Catalog;
  readonly groupPrefix: string;
  readonly maxDepth: number;
  readonly log: Log;
};

export type DryQuestion = {
  /** In force from `from` on. With a rule about won events, the rules of the catalog are in force too, as they were. */
  readonly candidates: readonly CompiledRule[];
  /** Append times: from one up to another. */
  readonly from: number;
  readonly to: number;
  readonly keepNotWon: number;
  /** Whether today's accounts are asked about, rather than those of the time. */
  readonly currentAccounts: boolean;
};

export type DrySink = {
  readonly onEvaluated: Evaluation['onEvaluated'];
  /** What candidates say, in the order of each account partition. */
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onProgress: (readRecords: number) => void;
};

/** The topic of the lane that candidates come from. */
const CANDIDATES = '';
const STEP = 512;

/**
 * Evaluates candidates over history, as they would have been evaluated live, and writes nothing. Answers the ranges that it read, which
 * are all that what it found depends on.
 */
export async function dryRun(
  { candidates, from, to, keepNotWon, currentAccounts }: DryQuestion,
  options: DryOptions,
  sink: DrySink,
  signal: AbortSignal,
): Promise<readonly HistoryRange[]> {
  const { registry, subjects, catalog, maxDepth } = options;
  const isChained = candidates.some(({ streams }) => streams.includes(WON_EVENTS));
  const ids = new Set(candidates.map(({ ruleId }) => ruleId));
  const beside = isChained ? catalog.records().filter(({ ruleId, at }) => !ids.has(ruleId) && at < to) : [];
  const others = beside.flatMap(({ version }) => version?.rule ?? []);
  const plan = planFor([...candidates, ...others], maxDepth);
  const begin = from - plan.warmUpMs;
  const ranges = await findRanges({ admin: options.admin, subjects, plan, from: begin, to, currentAccounts });

  const engines = new Map<number, Engine>();
  for (let partition = 0; partition < subjects.partitions; partition += 1) engines.set(partition, open(partition));
  const { roles } = subjects;
  const readers = new Map(
    [...subjects.read.values()].map((stream) => [
      stream.topic,
      stream === roles.accounts ? readAccounts(stream, registry) : readEvents(stream, registry),
    ]),
  );
  const sets = new Map(ranges.map((range) => [partitionName(range.topic, range.partition), range]));

  await readRanges(ranges, {
    ...options,
    signal,
    async onRead({ topic, partition }, records, nextOffset) {
      const [engine, read] = [engines.get(partition), readers.get(topic)];
      if (!engine || !read) return;
      const { block, orderTime } = await read(records, engine.orderTime(topic, partition));
      const early = sets.get(partitionName(topic, partition))?.isEarly === true;
      engine.push(topic, partition, {
        nextOffset,
        orderTime: early ? begin : orderTime,
        block: early ? atStart(block, begin) : block,
      });
      sink.onProgress(records.length);
      await drain(engine);
    },
    onEnd({ topic, partition }) {
      engines.get(partition)?.completeBefore(topic, partition, to - 0.5);
    },
  });
  for (const engine of engines.values()) await drain(engine);
  return ranges;

  function open(partition: number): Engine {
    const lanes = ranges
      .filter((range) => range.partition === partition)
      .map(({ topic, from: nextOffset, isAccounts }) => ({
        ...{ topic, partition, nextOffset, orderTime: Number.NEGATIVE_INFINITY },
        rank: isAccounts ? ACCOUNTS_RANK : EVENTS_RANK,
      }));
    const rules = { partition, rank: RULES_RANK, nextOffset: 0n, orderTime: Number.NEGATIVE_INFINITY };
    const evaluation = { maxDepth, keepNotWon, onEvaluated: countCandidates };
    const evaluator = createEvaluator({ ...evaluation, plan, reached: begin });
    const quietTo = { lanes: new Map(), reached: Number.NEGATIVE_INFINITY };
    const engine = createEngine({ lanes: [...lanes, { ...rules, topic: CANDIDATES }], evaluator, quietTo });
    const entries = inForce(candidates, beside, from);
    engine.push(CANDIDATES, partition, {
      ...{ nextOffset: BigInt(entries.length), orderTime: to },
      block: { times: Float64Array.from(entries, ({ at }) => at), offsets: entries.map((_, i) => BigInt(i)), entries },
    });
    engine.completeBefore(CANDIDATES, partition, to);
    return engine;
  }

  function countCandidates(rule: CompiledRule, hasFailed: boolean): void {
    if (ids.has(rule.ruleId)) sink.onEvaluated(rule, hasFailed);
  }

  async function drain(engine: Engine): Promise<void> {
    for (let step = engine.step(STEP); step; step = engine.step(STEP)) {
      for (const outcome of step.outcomes) if (ids.has(outcome.rule.ruleId)) sink.onOutcome(outcome);
      await yieldToLoop();
      signal.throwIfAborted();
    }
  }
}

/** Today's accounts hold from the start. */
function atStart<Given extends { readonly entries: readonly Entry[] }>(block: Given, at: number) {
  const entries = block.entries.map((entry) => (entry.kind === 'account' ? { ...entry, at, event: undefined } : entry));
  return { ...block, times: Float64Array.from(entries, () => at), entries };
}

function inForce(candidates: readonly CompiledRule[], beside: readonly RuleRecord[], from: number): Entry[] {
  const own = candidates.map((rule): Entry => ({ kind: 'rule', at: from, ruleId: rule.ruleId, rule }));
  const others = beside.map(({ at, ruleId, version }): Entry => ({ kind: 'rule', at, ruleId, rule: version?.rule }));
  return [...own, ...others].sort((a, b) => a.at - b.at);
}
