import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { Evaluation } from '../evaluate/evaluate-rules.ts';
import type { Outcome } from '../evaluate/outcome.ts';

/** A rule that fails too often: what it said last, and how many of its last evaluations failed. */
export type Failing = { readonly last: Outcome; readonly failures: number; readonly of: number };

type Seen = { readonly failed: Uint8Array; evaluated: number; failures: number };

/** Of how many evaluations the share is looked at, and how many there have to be. */
const LAST = 100;
const LEAST = 20;

/** Counts the failures among the last evaluations of each version. A rule that is on again begins anew. */
export function watchFailures(share: number, onFailing: (failing: Failing) => void): Evaluation['onEvaluated'] {
  const seen = new WeakMap<CompiledRule, Seen>();

  return (rule, failure) => {
    const known = seen.get(rule) ?? start(rule);
    const at = known.evaluated % LAST;
    known.failures += (failure ? 1 : 0) - (known.failed[at] ?? 0);
    known.failed[at] = failure ? 1 : 0;
    known.evaluated += 1;
    const of = Math.min(known.evaluated, LAST);
    if (!failure || of < LEAST || known.failures < share * of) return;
    seen.delete(rule);
    onFailing({ last: failure, failures: known.failures, of });
  };

  function start(rule: CompiledRule): Seen {
    const fresh = { failed: new Uint8Array(LAST), evaluated: 0, failures: 0 };
    seen.set(rule, fresh);
    return fresh;
  }
}
