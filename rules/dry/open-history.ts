import type { RuleRecord } from '../catalog/catalog.ts';
import { toRuleEntry } from '../catalog/rule-entry.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { ACCOUNTS_RANK, EVENTS_RANK, RULES_RANK } from '../engine/lanes.ts';
import { NOTHING_TAKEN } from '../engine/position.ts';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { Entry } from '../evaluate/entry.ts';
import type { Evaluation } from '../evaluate/evaluate-rules.ts';
import { createEvaluator } from '../evaluate/evaluator.ts';
import type { Plan } from '../evaluate/plan.ts';
import type { HistoryRange } from './find-ranges.ts';

type HistoryOptions = {
  readonly partition: number;
  readonly ranges: readonly HistoryRange[];
  readonly candidates: readonly CompiledRule[];
  /** Of other rules that are in force, as they were. */
  readonly beside: readonly RuleRecord[];
  readonly from: number;
  readonly to: number;
  readonly plan: Plan;
  readonly evaluation: Evaluation;
};

/** The topic of the lane that rules come from. */
const CANDIDATES = '';
const UNREAD = Number.NEGATIVE_INFINITY;

/** The order of an account partition over history, with rules in force that the stream of rules need not have. */
export function openHistory(options: HistoryOptions): Engine {
  const { partition, ranges, candidates, beside, from, to, plan, evaluation } = options;
  const lanes = ranges
    .filter((range) => range.partition === partition)
    .map(({ topic, from: nextOffset, isAccounts }) => ({
      ...{ topic, partition, nextOffset, orderTime: UNREAD },
      rank: isAccounts ? ACCOUNTS_RANK : EVENTS_RANK,
    }));
  const rules = { topic: CANDIDATES, partition, rank: RULES_RANK, nextOffset: 0n, orderTime: UNREAD };
  const evaluator = createEvaluator({ ...evaluation, plan, reached: from - plan.warmUpMs });
  const engine = createEngine({ lanes: [...lanes, rules], evaluator, quietTo: NOTHING_TAKEN });
  const own = candidates.map((rule): Entry => ({ kind: 'rule', at: from, ruleId: rule.ruleId, rule }));
  const entries = [...own, ...beside.map(toRuleEntry)].sort((a, b) => a.at - b.at);
  engine.push(CANDIDATES, partition, {
    ...{ nextOffset: BigInt(entries.length), orderTime: to },
    block: { times: Float64Array.from(entries, ({ at }) => at), offsets: entries.map((_, i) => BigInt(i)), entries },
  });
  engine.completeBefore(CANDIDATES, partition, to);
  return engine;
}
