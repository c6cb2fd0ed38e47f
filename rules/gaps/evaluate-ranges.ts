import { type DryOptions, dryRun } from '../dry/dry-run.ts';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { WriteOutcomes } from '../write/write-outcomes.ts';
import type { TimeRange } from './time-range.ts';

export type FillOptions = {
  readonly history: DryOptions;
  readonly keepNotWon: number;
  readonly write: WriteOutcomes;
  readonly onProgress: (readRecords: number) => void;
  readonly signal: AbortSignal;
};

export type FillResult = {
  readonly evaluated: number;
  readonly won: number;
  readonly errors: number;
  /** What other rules said of its won events. */
  readonly followed: number;
};

/**
 * Evaluates a version for history, and writes what it and the rules about its won events say, under the ids that it would have had live:
 * doing it twice changes nothing.
 */
export async function evaluateRanges(
  rule: CompiledRule,
  ranges: readonly TimeRange[],
  { history, keepNotWon, write, onProgress, signal }: FillOptions,
): Promise<FillResult> {
  let [evaluated, won, errors, followed] = [0, 0, 0, 0];
  for (const range of ranges)
    await dryRun(
      { candidates: [rule], ...range, keepNotWon, currentAccounts: false, withFollowers: true },
      history,
      {
        onEvaluated() {
          evaluated += 1;
        },
        async onOutcomes(outcomes) {
          for (const each of outcomes)
            if (each.rule.ruleId !== rule.ruleId) followed += 1;
            else if (each.outcome === 'won') won += 1;
            else if (each.outcome === 'error') errors += 1;
          await write(outcomes);
        },
        onProgress,
      },
      signal,
    );
  return { evaluated, won, errors, followed };
}
