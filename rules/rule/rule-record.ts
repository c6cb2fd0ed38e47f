import type { Value } from '@millrace/core/schema/from-json';
import { type RuleDefinition, ruleDefinition } from './definition.ts';

const OWN = Object.keys(ruleDefinition.shape);

/** The definition in a record of the stream of rules, given as JSON; undefined for one that no version of this service wrote. */
export function definitionIn(record: Readonly<Value>): RuleDefinition | undefined {
  return ruleDefinition.safeParse(Object.fromEntries(OWN.map((name) => [name, record[name]]))).data;
}
