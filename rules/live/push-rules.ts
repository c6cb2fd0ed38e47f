import type { RuleRecord } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import type { RuleEntry } from '../evaluate/entry.ts';

/** Gives an engine those records of the stream of rules that it does not have. */
export function pushRules(engine: Engine, topic: string, records: readonly RuleRecord[]): void {
  const partitions = new Set(records.map(({ partition }) => partition));
  for (const partition of partitions) {
    const from = engine.nextOffset(topic, partition) ?? 0n;
    const own = records.filter((record) => record.partition === partition && record.offset >= from);
    const last = own.at(-1);
    if (!last) continue;
    const entries = own.map(
      ({ at, ruleId, version }): RuleEntry => ({ kind: 'rule', at, ruleId, rule: version?.rule }),
    );
    const block = { times: Float64Array.from(own, ({ at }) => at), offsets: own.map(({ offset }) => offset), entries };
    engine.push(topic, partition, { nextOffset: last.offset + 1n, orderTime: last.at, block });
  }
}
