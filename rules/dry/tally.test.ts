import { expect, it } from 'vitest';
import { type Outcome, outcomeId } from '../evaluate/outcome.ts';
import { ruleOf } from '../test/drive.ts';
import { ownOutcomes } from './own-outcomes.ts';
import { createTally } from './tally.ts';

const DAY = 86_400_000;
const rule = ruleOf({ ruleId: 'new', when: 'true' });
const inUse = ruleOf({ ruleId: 'new/in-use', when: 'true' });
const said = (cause: string, given: Partial<Outcome> = {}): Outcome => ({
  ...{ rule, accountId: 'ann', cause, outcome: 'won', reason: null, values: {}, time: 0, depth: 0, at: 0, traceId: '' },
  ...given,
});

it('counts each win once, by day and by account', () => {
  const tally = createTally(rule, undefined);

  tally.evaluated(rule);
  tally.add([said('a'), said('b', { time: DAY, accountId: 'bea' }), said('c', { outcome: 'error' })]);
  tally.add([said('a', { at: 8 * DAY }), said('d', { outcome: 'not_won' })]);

  expect(tally.answer(1)).toMatchObject({
    ...{ evaluated: 1, would_win: 2, accounts_affected: 2, errors: 1 },
    per_day: [
      { day: '1970-01-01', would_win: 1 },
      { day: '1970-01-02', would_win: 1 },
    ],
  });
});

it('shows the first ten wins, in whatever order they come', () => {
  const tally = createTally(rule, undefined);

  for (let i = 0; i < 40; i += 1) tally.add([said(`event-${i}`, { at: (i * 7) % 40 })]);

  const { examples } = tally.answer(1);
  expect(examples.map(({ event_id }) => event_id)).toEqual(
    Array.from({ length: 10 }, (_, at) => `event-${Array.from({ length: 40 }, (__, i) => (i * 7) % 40).indexOf(at)}`),
  );
});

it('compares wins with those of the version in use', () => {
  const tally = createTally(rule, inUse);

  tally.evaluated(inUse);
  tally.add([said('a'), said('b'), said('b', { rule: inUse }), said('c', { rule: inUse }), said('d', { rule: inUse })]);

  expect(tally.answer(4)).toMatchObject({ evaluated: 0, would_win: 2, newly: 1, no_longer: 2, noise: 0.5 });
});

it('takes along what others say of own won events, however deep, and of no others', () => {
  const follower = ruleOf({ ruleId: 'follower', when: 'true' });
  const own = said('a');
  const first = said(outcomeId(own), { rule: follower, depth: 1 });
  const second = said(outcomeId(first), { rule: follower, depth: 2 });
  const foreign = said('a', { rule: follower });
  const after = said(outcomeId(foreign), { rule: follower, depth: 1 });
  const all = [own, foreign, first, second, after];

  expect(ownOutcomes(new Set(['new']), true)(all)).toEqual([own, first, second]);
  expect(ownOutcomes(new Set(['new']), false)(all)).toEqual([own]);
});
