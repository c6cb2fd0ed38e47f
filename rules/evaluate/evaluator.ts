import { type AccountState, evict, newAccountState, windowStateOf } from './account-state.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { Entry, EventEntry } from './entry.ts';
import { type Cause, type Evaluation, evaluateRules } from './evaluate-rules.ts';
import { type Outcome, outcomeId } from './outcome.ts';
import type { Plan } from './plan.ts';
import { createRepeats } from './repeats.ts';
import { createRulesInForce } from './rules-in-force.ts';
import { tickName } from './tick-name.ts';
import { addPoint } from './window-state.ts';
import { wonEvent } from './won-event.ts';

export type EvaluatorOptions = Evaluation & {
  readonly plan: Plan;
  /** Up to when entries and ticks were taken: schedules have no tick before. */
  readonly reached: number;
};

export type Evaluator = {
  /**
   * The outcomes of the next entry of the order. Ticks up to its time must have been taken before.
   * @param isQuiet its outcomes are not wanted: it is only remembered, as far as what follows needs it
   */
  apply(entry: Entry, isQuiet?: boolean): Outcome[];
  /** When the next tick of a schedule is, where there are accounts for it. It comes before every entry of the same time. */
  nextTick(): number | undefined;
  /** The outcomes of the next tick. */
  tick(isQuiet?: boolean): Outcome[];
  /** Up to when entries and ticks were taken. */
  reached(): number;
  /** How many evaluations there were. */
  evaluations(): number;
  /** Drops what can't change an outcome any more. */
  forget(): void;
};

const NOTHING: Outcome[] = [];
const uncounted = () => undefined;

/**
 * Evaluates rules over one partition's entries in their order. It has no clock and asks nobody: outcomes are a function of the entries, and
 * of those alone that lie less than the plan's `warmUpMs` back, besides accounts and rules.
 */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { plan } = options;
  const rules = createRulesInForce();
  const accounts = new Map<string, AccountState>();
  const repeats = createRepeats();
  const quiet: Evaluation = { ...options, keepNotWon: 0, onEvaluated: uncounted };
  let { reached } = options;
  let evaluations = 0;

  return {
    apply(entry, isQuiet = false) {
      reached = Math.max(reached, entry.at);
      if (entry.kind === 'rule') {
        rules.set(entry.ruleId, entry.rule);
        return NOTHING;
      }
      if (entry.kind === 'event') return evaluateEvent(entry, isQuiet);
      if (entry.account !== null || accounts.has(entry.accountId)) stateOf(entry.accountId).account = entry.account;
      return entry.event ? evaluateEvent(entry.event, isQuiet) : NOTHING;
    },
    nextTick: () => (accounts.size > 0 ? rules.nextTick(reached) : undefined),
    tick(isQuiet = false) {
      const tick = rules.nextTick(reached);
      if (tick === undefined) return NOTHING;
      reached = tick;
      return isQuiet && !plan.isChained ? NOTHING : evaluateTick(tick, rules.due(tick), isQuiet);
    },
    reached: () => reached,
    evaluations: () => evaluations,
    forget() {
      for (const [id, state] of accounts) if (!evict(state, plan, reached)) accounts.delete(id);
    },
  };

  function evaluateEvent(entry: EventEntry, isQuiet: boolean): Outcome[] {
    if (!plan.streams.has(entry.stream)) return NOTHING;
    if (repeats.isRepeat(entry.stream, entry.accountId, entry.eventId, entry.at)) return NOTHING;
    return evaluate(entry, 0, stateOf(entry.accountId), isQuiet);
  }

  function evaluate(entry: EventEntry, depth: number, state: AccountState, isQuiet: boolean): Outcome[] {
    for (const planned of plan.byStream.get(entry.stream) ?? []) {
      const { window } = planned;
      if (Math.abs(entry.at - entry.time) > window.latenessMs) continue;
      const value = window.measure.of === 'count' ? undefined : pointValue(entry.value[window.measure.field]);
      if (value !== null) addPoint(windowStateOf(state, planned), window, { time: entry.time, value, depth });
    }
    const about = rules.about(entry.stream);
    if (about.length === 0 || (isQuiet && !plan.isChained)) return NOTHING;
    const { accountId, eventId: cause, time, at, traceId, value: event } = entry;
    return conclude(about, { cause, accountId, event, time, windowsAt: time, at, depth, traceId }, state, isQuiet);
  }

  /** Won events follow what they were won by at once, so that a chain never depends on when its records are read. */
  function conclude(about: readonly CompiledRule[], cause: Cause, state: AccountState, isQuiet: boolean): Outcome[] {
    evaluations += about.length;
    const outcomes = evaluateRules(about, cause, state, isQuiet ? quiet : options);
    if (!plan.streams.has(wonEvent.stream)) return outcomes;
    const followed: Outcome[] = [...outcomes];
    for (const outcome of outcomes)
      if (outcome.outcome === 'won' && outcome.rule.kind === 'win')
        followed.push(...evaluate(wonEvent.of(outcome, outcomeId(outcome)), outcome.depth + 1, state, isQuiet));
    return followed;
  }

  /** A tick sees what was appended before it, and windows as they were right before it. */
  function evaluateTick(tick: number, due: readonly CompiledRule[], isQuiet: boolean): Outcome[] {
    const outcomes: Outcome[] = [];
    for (const accountId of [...accounts.keys()].sort()) {
      const state = stateOf(accountId);
      if (state.account === null) continue;
      for (const rule of due) {
        const at = { time: tick, windowsAt: tick - 1, at: tick };
        const cause = { ...at, cause: tickName(rule, tick), accountId, event: null, depth: 0, traceId: '' };
        outcomes.push(...conclude([rule], cause, state, isQuiet));
      }
    }
    return outcomes;
  }

  function stateOf(accountId: string): AccountState {
    const known = accounts.get(accountId);
    if (known) return known;
    const fresh = newAccountState();
    accounts.set(accountId, fresh);
    return fresh;
  }
}

/** Null where there is nothing to measure. Minus zero is zero. */
function pointValue(value: unknown): number | string | null {
  if (typeof value === 'number') return value + 0;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.getTime();
  return typeof value === 'boolean' ? String(value) : null;
}
