import type { Value } from '@millrace/core/schema/from-json';
import { compileToJson } from '@millrace/core/schema/to-json';
import type { ConsumedRecord } from '@millrace/core/stream/consumed-record';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { Registry } from '@millrace/core/stream/open-registry';
import { compileDefinition } from '../rule/compile-definition.ts';
import { definitionIn } from '../rule/rule-record.ts';
import type { Subjects } from '../streams/subjects.ts';
import type { RuleRecord, RuleVersion } from './catalog.ts';

/** What the records of a partition say of rules, from the running maximum of append times before them. */
export type ReadRules = (
  partition: number,
  records: readonly ConsumedRecord[],
  orderTime: number,
) => Promise<readonly RuleRecord[]>;

export function readRules(subjects: Subjects, registry: Registry): ReadRules {
  const { rules } = subjects.roles;
  const decode = createDecoder(registry, rules);
  const toJson = compileToJson(rules.fields);

  return async (partition, records, before) => {
    const decoded = await decode(records.map(({ value }) => value));
    let at = before;
    return records.map(({ offset, key, value, appendTime }, index): RuleRecord => {
      at = Math.max(at, appendTime);
      const one = decoded[index];
      const json = value !== null && one && 'value' in one ? toJson(one.value) : undefined;
      const ruleId = key?.toString() ?? '';
      return { partition, offset, at, appendedAt: appendTime, ruleId, version: json && versionOf(ruleId, json) };
    });
  };

  function versionOf(ruleId: string, json: Readonly<Value>): RuleVersion | undefined {
    const definition = definitionIn(json);
    const version = Number(json.version);
    if (!definition) return undefined;
    const compiled = compileDefinition(definition, { ruleId, version }, subjects);
    const [rule, faults] = 'rule' in compiled ? [compiled.rule, []] : [undefined, compiled.faults];
    return { version, definition, json, rule, faults };
  }
}
