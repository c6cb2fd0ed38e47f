import type { Scope } from '../connector.ts';

/** What is known about a read when it has come to the end of a scope. */
export type ReadFacts = {
  /** Whether it read on from a cursor: it then only saw what changed. */
  readonly isIncremental: boolean;
  /** Whether the read before had other credentials or filters. */
  readonly isOther: boolean;
  /** Parts that were skipped and whose ids nobody knows: each could be a row that would count as missed. */
  readonly skippedWithoutId: number;
  /** Whether it saw the rows of the scope, or heard that they are those of the last complete read. */
  readonly seen: 'all' | 'unchanged';
  /** Whether it saw any row of the scope. */
  readonly sawAny: boolean;
  readonly allowsEmpty: boolean;
  /** Whether the connector can say which rows lie in the scope. */
  readonly canTell: boolean;
};

/** Why the rows that a complete read of a scope did not see don't count as missed; undefined when they do. */
export function whyNotMissed(scope: Scope, facts: ReadFacts): string | undefined {
  if (facts.isIncremental) return 'it only read what had changed';
  if (!facts.canTell) return `the connector can’t say which rows are in a scope of the kind ${scope.kind}`;
  if (facts.isOther) return 'the credentials or filters are not those of the read before';
  if (facts.seen === 'unchanged') return undefined;
  if (facts.skippedWithoutId > 0) return `${facts.skippedWithoutId} skipped parts had no id`;
  if (isEmpty(scope, facts)) return EMPTY;
  return undefined;
}

/** That one row is gone is an answer, but that there is nothing at all is more likely a fault. */
export const isEmpty = (scope: Scope, { seen, sawAny, allowsEmpty, isIncremental }: ReadFacts): boolean =>
  scope.kind !== 'one' && seen === 'all' && !isIncremental && !sawAny && !allowsEmpty;

export const EMPTY = 'the answer was empty; ALLOW_EMPTY says where that is right';
