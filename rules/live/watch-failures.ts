import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { Evaluation } from '../evaluate/evaluate-rules.ts';
import type { Outcome } from '../evaluate/outcome.ts';

/** A rule that fails too often: what it said last, and how many of its last evaluations failed. */
export type Failing = { readonly last: Outcome; readonly failures: number; readonly of: number };

/** `failedAt` are the numbers of the evaluations that failed, of the last ones. */
type Seen = { evaluated: number; failedAt: number[] };

/** Of how many evaluations the share is looked at, and how many there have to be. */
const LAST = 100;
const LEAST = 20;

/** Counts the failures among the last evaluations of each version. A rule that is on again begins anew. */
export function watchFailures(share: number, onFailing: (failing: Failing) => void): Evaluation['onEvaluated'] {
  const seen = new WeakMap<CompiledRule, Seen>();

  return (rule, failure) => {
    const known = seen.get(rule) ?? start(rule);
    known.evaluated += 1;
    if (!failure) return;
    const of = Math.min(known.evaluated, LAST);
    known.failedAt.push(known.evaluated);
    known.failedAt = known.failedAt.filter((at) => at > known.evaluated - LAST);
    const failures = known.failedAt.length;
    if (of < LEAST || failures < share * of) return;
    seen.delete(rule);
    onFailing({ last: failure, failures, of });
  };

  function start(rule: CompiledRule): Seen {
    const fresh = { evaluated: 0, failedAt: [] };
    seen.set(rule, fresh);
    return fresh;
  }
}
