import { messageOf } from '@millrace/core/problem/message-of';
import { type Context, celReason } from '../expression/cel.ts';
import type { AccountState } from './account-state.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { EventEntry } from './entry.ts';
import type { Outcome } from './outcome.ts';
import { sampleOf } from './sample-of.ts';
import { valuesOf } from './values-of.ts';
import { viewOf } from './view-of.ts';

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
  const view = viewOf(cause, state);
  const isSampled = sampleOf(cause, evaluation.keepNotWon);
  const outcomes: Outcome[] = [];
  for (const rule of rules) {
    if (rule.effectiveFrom !== undefined && cause.at < rule.effectiveFrom) continue;
    const outcome = evaluateOne(rule, cause, view(rule), isSampled, evaluation);
    if (outcome) outcomes.push(outcome);
  }
  return outcomes;
}

function evaluateOne(
  rule: CompiledRule,
  cause: Cause,
  context: Context | undefined,
  isSampled: (rule: CompiledRule) => boolean,
  { maxDepth, onEvaluated }: Evaluation,
): Outcome | undefined {
  if (context === undefined) {
    onEvaluated(rule);
    return isSampled(rule) ? toOutcome(rule, cause, 'not_won', TOO_LATE, {}) : undefined;
  }
  let holds: boolean;
  try {
    holds = rule.expression.holds(context);
  } catch (error) {
    const failure = toOutcome(rule, cause, 'error', celReason(error) ?? messageOf(error), valuesOf(rule, context));
    onEvaluated(rule, failure);
    return failure;
  }
  onEvaluated(rule);
  if (!holds && !isSampled(rule)) return undefined;
  const values = valuesOf(rule, context);
  const unknown = context.account === null ? UNKNOWN_ACCOUNT : null;
  if (!holds) return toOutcome(rule, cause, 'not_won', unknown, values);
  if (cause.depth > maxDepth)
    return toOutcome(rule, cause, 'error', `${cause.depth} won events led to it, one through the other`, values);
  return toOutcome(rule, cause, rule.mode === 'shadow' ? 'shadow' : 'won', unknown, values);
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
