import { withLock } from '@millrace/core/database/lock';
import type { Database } from '@millrace/core/database/open-database';
import { Problem } from '@millrace/core/problem/problem';
import { oneAtATime } from '@millrace/core/promise/one-at-a-time';
import type { ToRecord } from '@millrace/core/record/compile-record';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { Producer } from '@millrace/core/stream/create-producer';
import { traceOf } from '@millrace/core/trace/trace-context';
import type { Catalog, RuleVersion } from '../catalog/catalog.ts';
import type { FollowedRules } from '../catalog/follow-rules.ts';
import type { RuleDefinition } from '../rule/definition.ts';

type ChangeOptions = {
  readonly db: Database;
  readonly rules: FollowedRules;
  readonly producer: Producer;
  readonly topic: string;
  readonly toRecord: ToRecord;
};

type Next = {
  readonly version: number;
  readonly definition: RuleDefinition;
  /** Why the service itself has chosen the mode. */
  readonly modeReason?: string;
};

/** What a rule becomes: a definition with its version; null ends it, undefined leaves it. */
type Change = (catalog: Catalog) => Next | null | undefined;

/** As the schema says. */
const MOST_REASON = 1_000;

/** Changes a rule; resolves once every later question to this process is answered with it. */
export type ChangeRule = (ruleId: string, change: Change) => Promise<RuleVersion | undefined>;

/**
 * One change at a time over all replicas, each made with all that was written before it: so a version has one number, and a number one
 * version. Those of this process wait for their turn without a connection to the database.
 */
export function createChangeRule({ db, rules, producer, topic, toRecord }: ChangeOptions): ChangeRule {
  const inTurn = oneAtATime();
  return async (ruleId, change) => {
    await inTurn(() => withLock(db, 'rules', () => changeWith(ruleId, change)));
    await rules.upToDate();
    return rules.catalog.current(ruleId);
  };

  async function changeWith(ruleId: string, change: Change): Promise<void> {
    await rules.upToDate();
    const next = change(rules.catalog);
    if (next === undefined) return;
    const { traceId, traceparent } = traceOf(undefined);
    const key = Buffer.from(ruleId);
    if (next === null) {
      await producer.produce(topic, [{ partition: 0, key, value: null, traceparent }]);
    } else {
      const now = formatInstant(Date.now());
      const createdAt = rules.catalog.current(ruleId)?.json.created_at ?? now;
      const input = {
        rule_id: ruleId,
        version: next.version,
        ...next.definition,
        mode_reason: next.modeReason?.slice(0, MOST_REASON) ?? null,
        created_at: createdAt,
        updated_at: now,
      };
      const accepted = toRecord({ input, at: '' }, { traceId, traceparent, source: 'rules' });
      if (accepted.faults)
        throw new Problem('invalid-record', 'The rule can not be kept.', { errors: accepted.faults });
      await producer.produce(topic, [accepted.record]);
    }
  }
}
