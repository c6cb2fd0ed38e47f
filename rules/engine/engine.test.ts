import { describe, expect, it } from 'vitest';
import type { Entry } from '../evaluate/entry.ts';
import { createEvaluator } from '../evaluate/evaluator.ts';
import { planFor } from '../evaluate/plan.ts';
import { ruleOf } from '../test/drive.ts';
import { createEngine, type Engine } from './engine.ts';
import { EVENTS_RANK, RULES_RANK } from './lanes.ts';
import { NOTHING_TAKEN, type Position } from './position.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
const UNREAD = { nextOffset: 0n, orderTime: Number.NEGATIVE_INFINITY };
const everyMinute = ruleOf({ ruleId: 'every', everyMs: MINUTE, when: 'account.name == "Ann"' });
const far = ruleOf({ ruleId: 'far', when: 'event.distance > 5' });

function engineOf(rules: readonly ReturnType<typeof ruleOf>[], quietTo: Position = NOTHING_TAKEN): Engine {
  const evaluation = { maxDepth: 5, keepNotWon: 1, onEvaluated: () => undefined };
  const evaluator = createEvaluator({ ...evaluation, plan: planFor(rules, 5), reached: START });
  const lane = (topic: string, rank: number) => ({ topic, partition: 0, rank, ...UNREAD });
  const engine = createEngine({ lanes: [lane('rules', RULES_RANK), lane('runs', EVENTS_RANK)], evaluator, quietTo });
  push(
    engine,
    'rules',
    rules.map((rule) => ({ kind: 'rule', at: START, ruleId: rule.ruleId, rule })),
  );
  return engine;
}

function push(engine: Engine, topic: string, entries: readonly Entry[]): void {
  const from = engine.nextOffset(topic, 0) ?? 0n;
  const offsets = entries.map((_, i) => from + BigInt(i));
  engine.push(topic, 0, {
    ...{ nextOffset: from + BigInt(entries.length), orderTime: entries.at(-1)?.at ?? START },
    block: { times: Float64Array.from(entries, ({ at }) => at), offsets, entries },
  });
}

const account = (accountId: string): Entry => ({
  ...{ kind: 'account', at: START, accountId, account: { name: 'Ann', club: 'none' }, event: undefined },
});
const run = (at: number, distance: number): Entry => ({
  ...{ kind: 'event', at, stream: 'running', accountId: 'a', eventId: `${at}`, time: at, traceId: '' },
  value: { distance, event_id: `${at}`, kind: 'x' },
});
function complete(engine: Engine, time: number): void {
  for (const topic of ['rules', 'runs']) engine.completeBefore(topic, 0, time);
}

describe('an engine', () => {
  it('takes what nothing can precede any more, and no further', () => {
    const engine = engineOf([far]);
    push(engine, 'runs', [run(START + 1_000, 6), run(START + 2_000, 7)]);
    engine.completeBefore('rules', 0, START + 1_500);

    const step = engine.step(100);

    expect(step?.outcomes.map(({ cause }) => cause)).toEqual([`${START + 1_000}`]);
    expect(engine.step(100)).toBeUndefined();
    expect(engine.pending('runs', 0)).toBe(1);
    expect(engine.position().lanes.get('runs:0')?.nextOffset).toBe(1n);
  });

  it('says nothing of what lies before the position that it was given', () => {
    const lanes = new Map([['runs:0', { nextOffset: 1n, orderTime: START }]]);
    const engine = engineOf([far], { lanes, reached: START });
    push(engine, 'runs', [run(START + 1_000, 6), run(START + 2_000, 7)]);
    complete(engine, START + MINUTE / 2);

    expect(engine.step(100)?.outcomes.map(({ cause }) => cause)).toEqual([`${START + 2_000}`]);
  });

  it('takes the ticks of a quiet year in steps, before the entry that ends it', () => {
    const engine = engineOf([everyMinute, far]);
    const ids = ['a', 'b', 'c'];
    push(engine, 'runs', [...ids.map(account), run(START + 1_000 * MINUTE + 1, 6)]);
    complete(engine, START + 1_002 * MINUTE);

    const steps: number[] = [];
    const causes: string[] = [];
    for (let step = engine.step(50); step; step = engine.step(50)) {
      steps.push(step.outcomes.length);
      causes.push(...step.outcomes.map(({ cause }) => cause));
    }

    expect(Math.max(...steps)).toBeLessThanOrEqual(50 + ids.length);
    expect(causes).toHaveLength(1_002 * ids.length + 1);
    expect(causes.indexOf(`${START + 1_000 * MINUTE + 1}`)).toBe(1_000 * ids.length);
    expect(engine.position().lanes.get('runs:0')?.nextOffset).toBe(4n);
  });

  it('does not count the minutes before there are accounts', () => {
    const engine = engineOf([everyMinute]);
    complete(engine, START + 1e9 * MINUTE);

    expect(engine.step(10)?.outcomes).toEqual([]);
    expect(engine.step(10)).toBeUndefined();
  });
});
