import { WON_EVENTS } from '../rule/rule.ts';
import { horizonOf, reachOf, type Window } from '../rule/window.ts';
import type { CompiledRule } from './compile-rule.ts';
import { REPEAT_MS } from './repeats.ts';

/** What has to be remembered of accounts, for rules to be evaluated. */
export type Plan = {
  /** The streams that rules are about. */
  readonly streams: ReadonlySet<string>;
  readonly windows: ReadonlyMap<string, PlannedWindow>;
  readonly byStream: ReadonlyMap<string, readonly PlannedWindow[]>;
  /** By how much append time what is remembered lies behind: reading that much before a time makes what follows it exact. */
  readonly warmUpMs: number;
  /** Whether a window counts won events, so that what rules said before matters. */
  readonly isChained: boolean;
};

export type PlannedWindow = {
  readonly key: string;
  readonly window: Window;
  /** How long before an append time an event's own time may lie and still matter. */
  readonly keepMs: number;
};

/** @param maxDepth how deep chains may be: a window over won events of a depth looks at those of smaller depths */
export function planFor(rules: Iterable<CompiledRule>, maxDepth: number): Plan {
  const streams = new Set<string>();
  const windows = new Map<string, PlannedWindow>();
  for (const rule of rules) {
    for (const stream of rule.streams) streams.add(stream);
    for (const { key, window } of rule.measured) {
      windows.set(key, { key, window, keepMs: reachOf(window) + window.latenessMs });
      for (const stream of window.streams) streams.add(stream);
    }
  }
  const all = [...windows.values()];
  const byStream = new Map(
    [...streams].map((stream) => [stream, all.filter(({ window }) => window.streams.includes(stream))] as const),
  );
  const isChained = ({ window }: PlannedWindow) => window.streams.includes(WON_EVENTS);
  const horizon = Math.max(0, ...all.map(({ window }) => horizonOf(window)));
  const chained = Math.max(0, ...all.filter(isChained).map(({ window }) => horizonOf(window)));
  const warmUpMs = REPEAT_MS + horizon + maxDepth * chained;
  return { streams, windows, byStream, warmUpMs, isChained: chained > 0 };
}

/** Whether everything that `needed` remembers is remembered by `plan`. */
export const covers = (plan: Plan, needed: Plan): boolean =>
  [...needed.streams].every((stream) => plan.streams.has(stream)) &&
  [...needed.windows.keys()].every((key) => plan.windows.has(key));
