import type { Expression } from '../expression/compile-expression.ts';
import type { Rule } from '../rule/rule.ts';
import { type Window, windowKey } from '../rule/window.ts';
import { fingerprint } from './fingerprint.ts';

/** A rule that can be evaluated. */
export type CompiledRule = Rule & {
  readonly expression: Expression;
  readonly measured: readonly NamedWindow[];
  /** The same for rules whose windows have the same names and measure the same. */
  readonly windowsKey: string;
  /** Of the rule and its version: what it keeps a sample by. */
  readonly seed: number;
};

export type NamedWindow = { readonly name: string; readonly key: string; readonly window: Window };

export function withExpression(rule: Rule, expression: Expression): CompiledRule {
  const measured = Object.entries(rule.windows)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, window]) => ({ name, key: windowKey(window), window }));
  const windowsKey = JSON.stringify(measured.map(({ name, key }) => [name, key]));
  return { ...rule, expression, measured, windowsKey, seed: fingerprint(rule.ruleId, String(rule.version)).low };
}
