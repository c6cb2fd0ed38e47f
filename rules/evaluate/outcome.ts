import { uuidsOfNames } from '@millrace/core/record/uuids-of-names';
import type { CompiledRule } from './compile-rule.ts';

/** What a rule said of one cause. */
export type Outcome = {
  readonly rule: CompiledRule;
  readonly accountId: string;
  /** The id of the event, or the tick of the schedule. */
  readonly cause: string;
  readonly outcome: 'won' | 'not_won' | 'error' | 'shadow';
  readonly reason: string | null;
  readonly values: Values;
  /** The event's own time, or that of the tick. */
  readonly time: number;
  /** How many won events led to its cause, one through the other. */
  readonly depth: number;
  /** The order time of what it was caused by. */
  readonly at: number;
  readonly traceId: string;
};

/** What windows measured, and what the condition read. */
export type Values = Readonly<Record<string, number | string | boolean | null>>;

/** The namespace of outcomes' ids: fixed for ever, or a replay across a release would win twice. */
const uuidOf = uuidsOfNames('0b1f6f0e-0e0a-5c55-9d5c-6f3f4f6a7d21');

/** The same for the same rule, version, account and cause, in every process and at any time. */
export const outcomeId = ({ rule, accountId, cause }: Pick<Outcome, 'rule' | 'accountId' | 'cause'>): string =>
  uuidOf(`${rule.ruleId}:${rule.version}:${accountId}:${cause}`);
