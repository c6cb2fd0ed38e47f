import { messageOf } from '@millrace/core/problem/message-of';
import { celReason } from '../expression/cel.ts';
import type { AccountState } from './account-state.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { EventEntry } from './entry.ts';
import type { Outcome } from './outcome.ts';
import { sampleOf } from './sample-of.ts';
import { measureAt } from './series.ts';
import { valuesOf } from './values-of.ts';

/** What rules are evaluated for: an event, or a tick of a schedule, for which `event` is null. */
export type Cause = {
  readonly cause: string;
  readonly accountId: string;
  readonly event: EventEntry['value'] | null;
  /** Its own time. */
  readonly time: number;
  /** The instant whose windows are looked at. */
  readonly windowsAt: number;
  readonly at: number;
  /** How many won events it has behind it. */
  readonly depth: number;
  readonly traceId: string;
};

export type Evaluation = {
  readonly maxDepth: number;
  /** The share of evaluations that did not win which is kept. */
  readonly keepNotWon: number;
  /** Called for each evaluation, kept or not, with the outcome of one that failed. */
  readonly onEvaluated: (rule: CompiledRule, failure?: Outcome) => void;
};

export const TOO_LATE = 'too late';
export const UNKNOWN_ACCOUNT = 'unknown account';

/** What each rule says of a cause: all outcomes but those of `not_won` that are left out. */
export function evaluateRules(
  rules: readonly CompiledRule[],
  cause: Cause,
  state: AccountState,
  evaluation: Evaluation,
): Outcome[] {
  const shared: Shared = { measured: new Map(), isSampled: sampleOf(cause, evaluation.keepNotWon) };
  const outcomes: Outcome[] = [];
  for (const rule of rules) {
    if (rule.effectiveFrom !== undefined && cause.at < rule.effectiveFrom) continue;
    const outcome = evaluateOne(rule, cause, state, shared, evaluation);
    if (outcome) outcomes.push(outcome);
  }
  return outcomes;
}

/** What the rules share that are evaluated for one cause. */
type Shared = {
  /** What windows measure, by their keys. */
  readonly measured: Map<string, number | null>;
  readonly isSampled: (rule: CompiledRule) => boolean;
};

function evaluateOne(
  rule: CompiledRule,
  cause: Cause,
  { account, series }: AccountState,
  { measured, isSampled }: Shared,
  { maxDepth, onEvaluated }: Evaluation,
): Outcome | undefined {
  const windows: Record<string, number | null> = {};
  for (const { name, key, window } of rule.measured) {
    if (Math.abs(cause.at - cause.time) > window.latenessMs) {
      onEvaluated(rule);
      return isSampled(rule) ? toOutcome(rule, cause, 'not_won', TOO_LATE, {}) : undefined;
    }
    let value = measured.get(key);
    if (value === undefined) {
      value = measureAt(series.get(key), window, cause.windowsAt, cause.depth);
      measured.set(key, value);
    }
    windows[name] = value;
  }
  const context = { event: cause.event, account, windows };
  const unknown = account === null ? UNKNOWN_ACCOUNT : null;
  try {
    const holds = rule.expression.holds(context);
    onEvaluated(rule);
    if (!holds && !isSampled(rule)) return undefined;
    const values = valuesOf(rule, context);
    if (!holds) return toOutcome(rule, cause, 'not_won', unknown, values);
    if (cause.depth > maxDepth)
      return toOutcome(rule, cause, 'error', `${cause.depth} won events led to it, one through the other`, values);
    return toOutcome(rule, cause, rule.mode === 'shadow' ? 'shadow' : 'won', unknown, values);
  } catch (error) {
    const failure = toOutcome(rule, cause, 'error', celReason(error) ?? messageOf(error), valuesOf(rule, context));
    onEvaluated(rule, failure);
    return failure;
  }
}

function toOutcome(
  rule: CompiledRule,
  { accountId, cause, time, depth, at, traceId }: Cause,
  outcome: Outcome['outcome'],
  reason: string | null,
  values: Outcome['values'],
): Outcome {
  return { rule, accountId, cause, outcome, reason, values, time, depth, at, traceId };
}
