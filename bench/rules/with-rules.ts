import { type BenchWorld, withWorld } from '../bench-world.ts';
import type { BenchContext } from '../row.ts';

const FILES = ['accounts', 'anomalies', 'events', 'rule-evaluations', 'rules', 'won-events'];

/** A world with the streams of runs and of rewards. Its rules are those that a row makes. */
export const withRules = <Result>(context: BenchContext, work: (world: BenchWorld) => Promise<Result>) =>
  withWorld(
    context,
    work,
    FILES.map((name) => `rewards/${name}`),
  );

export const SETTINGS = { RULES_SHIPPED: 'off' };
