import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import { type Outcome, outcomeId } from '../evaluate/outcome.ts';
import type { DryAnswer } from './answer-dry-run.ts';

export type Tally = {
  evaluated(rule: CompiledRule): void;
  add(outcomes: readonly Outcome[]): void;
  answer(days: number): Omit<DryAnswer, 'source' | 'ms'>;
};

const EXAMPLES = 10;

/**
 * Counts what a candidate would have done, beside the version in use where there is one. Of a win only its id is kept, and its values of
 * the first few.
 */
export function createTally(candidate: CompiledRule, inUse: CompiledRule | undefined): Tally {
  const wins = new Set<string>();
  const before = new Set<string>();
  const accounts = new Set<string>();
  const perDay = new Map<string, number>();
  let examples: Outcome[] = [];
  let [evaluated, errors] = [0, 0];

  return {
    evaluated(rule) {
      if (rule === candidate) evaluated += 1;
    },
    add(outcomes) {
      for (const outcome of outcomes) {
        const isOfCandidate = outcome.rule === candidate;
        if (isOfCandidate && outcome.outcome === 'error') errors += 1;
        if (outcome.outcome !== 'won' && outcome.outcome !== 'shadow') continue;
        const id = outcomeId({ ...outcome, rule: candidate });
        if (!isOfCandidate) before.add(id);
        else if (!wins.has(id)) addWin(id, outcome);
      }
    },
    answer: (days) => ({
      ...{ evaluated, would_win: wins.size, accounts_affected: accounts.size, errors },
      per_day: [...perDay].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, would_win: count })),
      examples: examples.map(({ cause, accountId, time, values }) => ({
        ...{ event_id: cause, account_id: accountId, at: formatInstant(time), values },
      })),
      ...(inUse && {
        newly: [...wins].filter((id) => !before.has(id)).length,
        no_longer: [...before].filter((id) => !wins.has(id)).length,
        noise: accounts.size === 0 ? 0 : wins.size / accounts.size / days,
      }),
    }),
  };

  function addWin(id: string, outcome: Outcome): void {
    wins.add(id);
    accounts.add(outcome.accountId);
    const day = formatInstant(outcome.time).slice(0, 10);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
    const last = examples.at(-1);
    if (examples.length < EXAMPLES || !last || byOrder(outcome, last) < 0)
      examples = [...examples, outcome].sort(byOrder).slice(0, EXAMPLES);
  }
}

const byOrder = (a: Outcome, b: Outcome) => a.at - b.at || (a.cause < b.cause ? -1 : 1);
