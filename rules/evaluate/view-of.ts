import type { Context } from '../expression/cel.ts';
import type { AccountState } from './account-state.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { Cause } from './evaluate-rules.ts';
import { measureAt } from './window-state.ts';

/**
 * What each rule sees of a cause; undefined where its windows take the cause no more. Rules with the same windows see the same, and no
 * window is measured twice.
 */
export function viewOf(
  cause: Cause,
  { account, windows: states }: AccountState,
): (rule: CompiledRule) => Context | undefined {
  const seen = new Map<string, Context | undefined>();
  const measured = new Map<string, number | null>();
  const off = Math.abs(cause.at - cause.time);

  return (rule) => {
    const known = seen.get(rule.windowsKey);
    if (known !== undefined || seen.has(rule.windowsKey)) return known;
    const context = look(rule);
    seen.set(rule.windowsKey, context);
    return context;
  };

  function look(rule: CompiledRule): Context | undefined {
    const windows: Record<string, number | null> = {};
    for (const { name, key, window } of rule.measured) {
      if (off > window.latenessMs) return undefined;
      let value = measured.get(key);
      if (value === undefined) {
        value = measureAt(states.get(key), window, cause.windowsAt, cause.depth);
        measured.set(key, value);
      }
      windows[name] = value;
    }
    return { event: cause.event, account, windows };
  }
}
