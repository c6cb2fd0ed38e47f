import type { Value } from '@millrace/core/schema/from-json';
import { WON_EVENTS } from '../rule/rule.ts';
import type { EventEntry } from './entry.ts';
import type { Outcome } from './outcome.ts';

/** A won event as rules about won events meet it: right after its cause, at the same point of the order. */
function toEntry(outcome: Outcome, eventId: string): EventEntry {
  const { rule, accountId, cause, time, at, depth, traceId } = outcome;
  const value: Value = {
    account_id: accountId,
    rule_id: rule.ruleId,
    rule_version: rule.version,
    cause,
    won_at: new Date(time),
    depth,
    event_id: eventId,
  };
  return { kind: 'event', at, stream: WON_EVENTS, accountId, eventId, time, value, traceId };
}

export const wonEvent = { stream: WON_EVENTS, of: toEntry } as const;
