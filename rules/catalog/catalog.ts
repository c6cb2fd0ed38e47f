import type { Fault } from '@millrace/core/problem/problem';
import type { Value } from '@millrace/core/schema/from-json';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { RuleDefinition } from '../rule/definition.ts';

/** A record of the stream of rules. */
export type RuleRecord = {
  readonly partition: number;
  readonly offset: bigint;
  /** The running maximum of append times in its partition. */
  readonly at: number;
  readonly appendedAt: number;
  readonly ruleId: string;
  readonly says: Says;
};

/** A version or a change of its mode, the end of a rule, or nothing: a record that can't be used leaves the rule as it is. */
type Says =
  | { readonly kind: 'version'; readonly version: RuleVersion }
  | { readonly kind: 'end' }
  | { readonly kind: 'nothing'; readonly fault: string };

/** One that says nothing. */
export type UnusableRecord = RuleRecord & { readonly says: { readonly kind: 'nothing' } };

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
  /** Those of one rule, in their order. */
  recordsOf(ruleId: string): readonly RuleRecord[];
  /** The rule as its newest record that says something has it; undefined for a rule that has ended or never was. */
  current(ruleId: string): RuleVersion | undefined;
  /** All versions of a rule, the newest record of each, the oldest first; none for a rule that has ended. */
  versions(ruleId: string): readonly RuleVersion[];
  /** The rules that have not ended, in the order of their ids. */
  all(): readonly (RuleVersion & { readonly ruleId: string })[];
  /** Records that say nothing. */
  unusable(): readonly RuleRecord[];
  /** Every rule that is, or comes, in force from an order time on. */
  inForceFrom(orderTime: number): readonly CompiledRule[];
  onAdded(listen: (records: readonly RuleRecord[]) => void): void;
};

export function createCatalog(): Catalog {
  const records: RuleRecord[] = [];
  const byRule = new Map<string, RuleRecord[]>();
  const listeners: ((records: readonly RuleRecord[]) => void)[] = [];

  const recordsOf = (ruleId: string) => byRule.get(ruleId) ?? [];
  const newest = (ruleId: string) => {
    const own = recordsOf(ruleId);
    const version = own.findLast(({ says }) => says.kind !== 'nothing');
    return version && withUnusable(versionIn(version), own.at(-1));
  };

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
    recordsOf,
    current: newest,
    versions(ruleId) {
      if (!newest(ruleId)) return [];
      const versions = new Map<number, RuleVersion>();
      for (const version of recordsOf(ruleId).flatMap((record) => versionIn(record) ?? []))
        versions.set(version.version, version);
      return [...versions.values()].sort((a, b) => a.version - b.version);
    },
    all: () =>
      [...byRule.keys()].sort().flatMap((ruleId) => {
        const version = newest(ruleId);
        return version ? [{ ...version, ruleId }] : [];
      }),
    unusable: () => records.filter(({ says }) => says.kind === 'nothing'),
    inForceFrom: (orderTime) =>
      [...byRule.values()].flatMap((known) => {
        const usable = known.filter(({ says }) => says.kind !== 'nothing');
        const before = usable.findLastIndex(({ at }) => at < orderTime);
        return usable.slice(Math.max(0, before)).flatMap((record) => versionIn(record)?.rule ?? []);
      }),
    onAdded: (listen) => void listeners.push(listen),
  };
}

/** Says so where the rule's newest record can't be used. */
function withUnusable(version: RuleVersion | undefined, newest: RuleRecord | undefined): RuleVersion | undefined {
  if (!version || newest?.says.kind !== 'nothing') return version;
  const { offset, partition, says } = newest;
  const message = `its record at offset ${offset} of partition ${partition} can not be used: ${says.fault}`;
  return { ...version, faults: [...version.faults, { pointer: '', message }] };
}

/** Undefined for a record that is no version. */
export const versionIn = ({ says }: RuleRecord): RuleVersion | undefined =>
  says.kind === 'version' ? says.version : undefined;
