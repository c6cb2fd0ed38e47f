import type { Value } from '@millrace/core/schema/from-json';
import { compileToJson } from '@millrace/core/schema/to-json';
import type { ConsumedRecord } from '@millrace/core/stream/consumed-record';
import { createDecoder, type Decoded } from '@millrace/core/stream/create-decoder';
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
      const ruleId = key?.toString() ?? '';
      const says = value === null && ruleId !== '' ? ({ kind: 'end' } as const) : read(ruleId, decoded[index]);
      return { partition, offset, at, appendedAt: appendTime, ruleId, says };
    });
  };

  function read(ruleId: string, decoded: Decoded | undefined): RuleRecord['says'] {
    if (!decoded || 'fault' in decoded)
      return { kind: 'nothing', fault: decoded?.fault ?? 'it has neither key nor value' };
    const version = versionOf(ruleId, toJson(decoded.value));
    return version ? { kind: 'version', version } : { kind: 'nothing', fault: 'it is no rule' };
  }

  function versionOf(ruleId: string, json: Readonly<Value>): RuleVersion | undefined {
    const definition = definitionIn(json);
    const version = Number(json.version);
    if (!definition || ruleId === '') return undefined;
    const compiled = compileDefinition(definition, { ruleId, version }, subjects);
    const [rule, faults] = 'rule' in compiled ? [compiled.rule, []] : [undefined, compiled.faults];
    return { version, definition, json, rule, faults };
  }
}
