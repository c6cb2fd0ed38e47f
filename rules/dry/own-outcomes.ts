import { type Outcome, outcomeId } from '../evaluate/outcome.ts';

/** Picks what rules of these ids say, and with `withFollowers` what others say of the won events that follow from that. */
export const ownOutcomes =
  (ids: ReadonlySet<string>, withFollowers: boolean) =>
  (outcomes: readonly Outcome[]): readonly Outcome[] => {
    const wins = new Set<string>();
    return outcomes.filter((outcome) => {
      const { rule, depth, cause } = outcome;
      const isOwn = ids.has(rule.ruleId) || (depth > 0 && wins.has(cause));
      if (isOwn && withFollowers && outcome.outcome === 'won') wins.add(outcomeId(outcome));
      return isOwn;
    });
  };
