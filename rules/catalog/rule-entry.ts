import type { RuleEntry } from '../evaluate/entry.ts';
import { type RuleRecord, versionIn } from './catalog.ts';

/** Whether a record changes what is in force. */
export const saysSomething = ({ says }: RuleRecord): boolean => says.kind !== 'nothing';

/** Such a record as an entry of the order. */
export const toRuleEntry = (record: RuleRecord): RuleEntry => ({
  ...{ kind: 'rule', at: record.at, ruleId: record.ruleId },
  rule: versionIn(record)?.rule,
});
