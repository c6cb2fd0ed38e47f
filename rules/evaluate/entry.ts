import type { Value } from '@millrace/core/schema/from-json';
import type { CompiledRule } from './compile-rule.ts';

/**
 * What the merged order is made of. `at` is the order time: the running maximum of append times in the partition.
 */
export type Entry = RuleEntry | AccountEntry | EventEntry;

/** A version of a rule comes into force; undefined ends the rule. */
export type RuleEntry = {
  readonly kind: 'rule';
  readonly at: number;
  readonly ruleId: string;
  readonly rule: CompiledRule | undefined;
};

/** A version of an account; null ends it. Rules about accounts are evaluated for it too. */
export type AccountEntry = {
  readonly kind: 'account';
  readonly at: number;
  readonly accountId: string;
  readonly account: Value | null;
  readonly event: EventEntry | undefined;
};

export type EventEntry = {
  readonly kind: 'event';
  readonly at: number;
  readonly stream: string;
  readonly accountId: string;
  readonly eventId: string;
  /** The event's own time, in milliseconds. */
  readonly time: number;
  /** As expressions read it. */
  readonly value: Value;
  readonly traceId: string;
};
