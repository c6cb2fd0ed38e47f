import type { CompiledRule } from './compile-rule.ts';

/** The rules that hold at a point of the order, in the order of their ids. */
export type RulesInForce = {
  /** Puts a version in force, or ends the rule. */
  set(ruleId: string, rule: CompiledRule | undefined): void;
  /** Those that an event of a stream is evaluated by. */
  about(stream: string): readonly CompiledRule[];
  /** Those with a schedule that has a tick at this time. */
  due(tick: number): readonly CompiledRule[];
  /** The first tick after a time. */
  nextTick(after: number): number | undefined;
};

const NONE: readonly CompiledRule[] = [];

export function createRulesInForce(): RulesInForce {
  const rules = new Map<string, CompiledRule>();
  let scheduled: readonly CompiledRule[] = NONE;
  let byStream = new Map<string, CompiledRule[]>();

  return {
    set(ruleId, rule) {
      if (rule) rules.set(ruleId, rule);
      else rules.delete(ruleId);
      const sorted = [...rules.values()].sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1));
      const active = sorted.filter(({ mode }) => mode !== 'off');
      scheduled = active.filter(({ everyMs }) => everyMs !== undefined);
      byStream = new Map();
      for (const each of active.filter(({ everyMs }) => everyMs === undefined))
        for (const stream of each.streams) {
          const known = byStream.get(stream);
          if (known) known.push(each);
          else byStream.set(stream, [each]);
        }
    },
    about: (stream) => byStream.get(stream) ?? NONE,
    due: (tick) => scheduled.filter(({ everyMs }) => everyMs !== undefined && tick % everyMs === 0),
    nextTick(after) {
      if (scheduled.length === 0) return undefined;
      return Math.min(...scheduled.map(({ everyMs = 1 }) => (Math.floor(after / everyMs) + 1) * everyMs));
    },
  };
}
