import type { CompiledRule } from '../evaluate/compile-rule.ts';
import { withExpression } from '../evaluate/compile-rule.ts';
import type { Entry } from '../evaluate/entry.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import { type Outcome, outcomeId } from '../evaluate/outcome.ts';
import { compileExpression } from '../expression/compile-expression.ts';
import type { Rule } from '../rule/rule.ts';

/** What a test compares of an outcome: all that is written, its id included. */
export const written = (outcome: Outcome) => ({
  ...{ id: outcomeId(outcome), rule: outcome.rule.ruleId, version: outcome.rule.version, account: outcome.accountId },
  ...{ cause: outcome.cause, outcome: outcome.outcome, reason: outcome.reason, values: outcome.values },
  ...{ time: outcome.time, depth: outcome.depth, at: outcome.at },
});

/** Gives an evaluator the next entry, and the ticks before it. */
export function drive(evaluator: Evaluator, entry: Entry): Outcome[] {
  const outcomes: Outcome[] = [];
  for (let tick = evaluator.nextTick(); tick !== undefined && tick <= entry.at; tick = evaluator.nextTick())
    outcomes.push(...evaluator.tick());
  outcomes.push(...evaluator.apply(entry));
  return outcomes;
}

const fields = { distance: 'double', event_id: 'string', rule_id: 'string', depth: 'double', kind: 'string' };

/** A rule whose condition may name some fields that events of tests have. */
export function ruleOf(given: Partial<Rule> & Pick<Rule, 'ruleId' | 'when'>): CompiledRule {
  const rule: Rule = {
    ...{ version: 1, name: given.ruleId, kind: 'win', streams: ['running'], windows: {}, mode: 'on' },
    ...{ effectiveFrom: undefined, everyMs: undefined },
    ...given,
  };
  const windows = Object.fromEntries(Object.keys(rule.windows).map((name) => [name, 'double']));
  const variables = { event: fields, account: { name: 'string', club: 'string' }, windows };
  const compiled = compileExpression(rule.when, [{ name: 'running', variables }]);
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
  return withExpression(rule, compiled.expression);
}
