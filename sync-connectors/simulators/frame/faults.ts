import { seededRandom } from './seeded-random.ts';

export const faultKinds = [
  '401',
  '403',
  '429',
  '500',
  'timeout',
  'reset',
  'truncated',
  'malformed',
  'slow',
  'bomb',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export type FaultPlan = {
  /** The share of calls that fail, from 0 to 1. */
  readonly rate: number;
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
};

export type Faults = {
  plan(): FaultPlan;
  set(plan: FaultPlan): void;
  /** The fault of the next call, or undefined; `except` names those that can't befall it. */
  next(except?: readonly FaultKind[]): FaultKind | undefined;
  /** How many calls failed so far, by kind. */
  counts(): Readonly<Record<string, number>>;
};

export const NO_FAULTS: FaultPlan = { rate: 0, kinds: faultKinds, seed: 1 };

/** The same calls fail in the same way for the same seed, as long as they come one after the other. */
export function createFaults(): Faults {
  let current = NO_FAULTS;
  let random = seededRandom(current.seed);
  const counts: Record<string, number> = {};
  return {
    plan: () => current,
    set(plan) {
      current = plan;
      random = seededRandom(plan.seed);
    },
    next(except = []) {
      const fails = random.next() < current.rate;
      const kinds = current.kinds.filter((kind) => !except.includes(kind));
      if (!fails || kinds.length === 0) return undefined;
      const kind = random.pick(kinds);
      counts[kind] = (counts[kind] ?? 0) + 1;
      return kind;
    },
    counts: () => counts,
  };
}
