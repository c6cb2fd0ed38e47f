import { randomFrom } from '@millrace/testing/random-from';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Entry } from '../evaluate/entry.ts';
import { createEvaluator } from '../evaluate/evaluator.ts';
import { planFor } from '../evaluate/plan.ts';
import { drive, written } from '../test/drive.ts';
import { randomHistory, someRules } from '../test/random-history.ts';
import { createEngine, type Engine } from './engine.ts';
import { ACCOUNTS_RANK, EVENTS_RANK, RULES_RANK } from './lanes.ts';
import { NOTHING_TAKEN, type Position } from './position.ts';

const MAX_DEPTH = 5;
const RANKS = { rules: RULES_RANK, accounts: ACCOUNTS_RANK, music: EVENTS_RANK, running: EVENTS_RANK } as const;
type Topic = keyof typeof RANKS;
const TOPICS = ['rules', 'accounts', 'music', 'running'] as const satisfies readonly Topic[];

const options = {
  plan: planFor(someRules, MAX_DEPTH),
  maxDepth: MAX_DEPTH,
  keepNotWon: 1,
  onEvaluated: () => undefined,
};
const history = fc
  .tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 2, max: 200 }))
  .map(([seed, size]) => ({ entries: randomHistory(randomFrom(seed), size), random: randomFrom(seed + 1) }));

function topicOf(entry: Entry): Topic {
  if (entry.kind === 'event') return entry.stream === 'music' ? 'music' : 'running';
  return entry.kind === 'rule' ? 'rules' : 'accounts';
}

/** The order that the log gives: by time, then by rank and topic. */
const inOrder = (entries: readonly Entry[]) =>
  [...entries].sort((a, b) => a.at - b.at || TOPICS.indexOf(topicOf(a)) - TOPICS.indexOf(topicOf(b)));

const openEngine = (quietTo: Position): Engine =>
  createEngine({
    lanes: TOPICS.map((topic) => ({
      ...{ topic, partition: 0, rank: RANKS[topic], nextOffset: 0n, orderTime: Number.NEGATIVE_INFINITY },
    })),
    evaluator: createEvaluator({ ...options, reached: 0 }),
    quietTo,
  });

/** Gives an engine what topics hold, in pieces of any size and in any order of topics, and takes steps of any size in between. */
function feed(
  engine: Engine,
  entries: readonly Entry[],
  random: (below: number) => number,
  until = Number.POSITIVE_INFINITY,
) {
  const waiting = new Map(TOPICS.map((topic) => [topic, entries.filter((entry) => topicOf(entry) === topic)]));
  const outcomes: ReturnType<typeof written>[] = [];
  let steps = 0;
  const step = () => {
    const found = steps < until ? engine.step(1 + random(40)) : undefined;
    if (found) steps += 1;
    outcomes.push(...(found?.outcomes ?? []).map(written));
    return found !== undefined;
  };
  for (let left = entries.length; left > 0; ) {
    const topic = TOPICS[random(TOPICS.length)] ?? 'rules';
    const piece = waiting.get(topic)?.splice(0, 1 + random(20)) ?? [];
    left -= piece.length;
    const from = engine.nextOffset(topic, 0) ?? 0n;
    const offsets = piece.map((_, i) => from + BigInt(i));
    const block = { times: Float64Array.from(piece, ({ at }) => at), offsets, entries: piece };
    const orderTime = piece.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    engine.push(topic, 0, { nextOffset: from + BigInt(piece.length), orderTime, block });
    if (random(3) === 0) step();
  }
  for (const topic of TOPICS) engine.completeBefore(topic, 0, (entries.at(-1)?.at ?? 0) + 0.5);
  while (step());
  return outcomes;
}

it('gives the same outcomes in whatever pieces topics are read and steps are taken', () => {
  fc.assert(
    fc.property(history, ({ entries, random }) => {
      const evaluator = createEvaluator({ ...options, reached: 0 });
      const whole = inOrder(entries).flatMap((entry) => drive(evaluator, entry).map(written));

      expect(feed(openEngine(NOTHING_TAKEN), entries, random)).toEqual(whole);
    }),
    { numRuns: 25 },
  );
});

it('goes on from a position where it was, and leaves nothing out', () => {
  fc.assert(
    fc.property(history, ({ entries, random }) => {
      const whole = feed(openEngine(NOTHING_TAKEN), entries, random);

      const first = openEngine(NOTHING_TAKEN);
      const before = feed(first, entries, random, random(30));
      const after = feed(openEngine(first.position()), entries, random);

      expect([...before, ...after]).toEqual(whole);
    }),
    { numRuns: 25 },
  );
});
