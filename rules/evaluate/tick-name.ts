import type { CompiledRule } from './compile-rule.ts';

/** The cause of an outcome of a schedule: `every 900s at 2026-03-14T07:15:00.000Z`. */
export const tickName = ({ everyMs = 0 }: CompiledRule, tick: number): string =>
  `every ${everyMs / 1_000}s at ${new Date(tick).toISOString()}`;
