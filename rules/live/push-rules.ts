import type { RuleRecord } from '../catalog/catalog.ts';
import { saysSomething, toRuleEntry } from '../catalog/rule-entry.ts';
import type { Engine } from '../engine/engine.ts';

/** Gives an engine those records of the stream of rules that it does not have. */
export function pushRules(engine: Engine, topic: string, records: readonly RuleRecord[]): void {
  const partitions = new Set(records.map(({ partition }) => partition));
  for (const partition of partitions) {
    const from = engine.nextOffset(topic, partition) ?? 0n;
    const own = records.filter((record) => record.partition === partition && record.offset >= from);
    const last = own.at(-1);
    if (!last) continue;
    const said = own.filter(saysSomething);
    const block = {
      times: Float64Array.from(said, ({ at }) => at),
      offsets: said.map(({ offset }) => offset),
      entries: said.map(toRuleEntry),
    };
    engine.push(topic, partition, { nextOffset: last.offset + 1n, orderTime: last.at, block });
  }
}
