import type { Fault } from '@millrace/core/problem/problem';
import type { Value } from '@millrace/core/schema/from-json';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { RuleDefinition } from '../rule/definition.ts';

/** A record of the stream of rules: a version, a change of mode, or the end of a rule. */
export type RuleRecord = {
  readonly partition: number;
  readonly offset: bigint;
  /** The running maximum of append times in its partition. */
  readonly at: number;
  readonly appendedAt: number;
  readonly ruleId: string;
  /** Undefined where the rule ends, and for a record that is none. */
  readonly version: RuleVersion | undefined;
};

export type RuleVersion = {
  readonly version: number;
  readonly definition: RuleDefinition;
  /** As the API shows it. */
  readonly json: Readonly<Value>;
  /** Undefined where it can't be evaluated any more, with the faults that say why. */
  readonly rule: CompiledRule | undefined;
  readonly faults: readonly Fault[];
};

/** All that the stream of rules has said so far, in memory. */
export type Catalog = {
  add(records: readonly RuleRecord[]): void;
  records(): readonly RuleRecord[];
  /** The rule's newest record that is a version; undefined for a rule that has ended or never was. */
  current(ruleId: string): RuleVersion | undefined;
  /** All versions of a rule, the newest record of each, the oldest first; none for a rule that has ended. */
  versions(ruleId: string): readonly RuleVersion[];
  /** The rules that have not ended, in the order of their ids. */
  all(): readonly (RuleVersion & { readonly ruleId: string })[];
  /** Every rule that is, or comes, in force from an order time on. */
  inForceFrom(orderTime: number): readonly CompiledRule[];
  onAdded(listen: (records: readonly RuleRecord[]) => void): void;
};

export function createCatalog(): Catalog {
  const records: RuleRecord[] = [];
  const byRule = new Map<string, RuleRecord[]>();
  const listeners: ((records: readonly RuleRecord[]) => void)[] = [];

  const newest = (ruleId: string) => byRule.get(ruleId)?.at(-1)?.version;

  return {
    add(added) {
      for (const record of added) {
        records.push(record);
        const known = byRule.get(record.ruleId);
        if (known) known.push(record);
        else byRule.set(record.ruleId, [record]);
      }
      if (added.length > 0) for (const listen of listeners) listen(added);
    },
    records: () => records,
    current: newest,
    versions(ruleId) {
      if (!newest(ruleId)) return [];
      const versions = new Map<number, RuleVersion>();
      for (const { version } of byRule.get(ruleId) ?? []) if (version) versions.set(version.version, version);
      return [...versions.values()].sort((a, b) => a.version - b.version);
    },
    all: () =>
      [...byRule.keys()].sort().flatMap((ruleId) => {
        const version = newest(ruleId);
        return version ? [{ ...version, ruleId }] : [];
      }),
    inForceFrom(orderTime) {
      const rules: CompiledRule[] = [];
      for (const known of byRule.values()) {
        const before = known.findLastIndex(({ at }) => at < orderTime);
        for (const { version } of known.slice(Math.max(0, before))) if (version?.rule) rules.push(version.rule);
      }
      return rules;
    },
    onAdded: (listen) => void listeners.push(listen),
  };
}
