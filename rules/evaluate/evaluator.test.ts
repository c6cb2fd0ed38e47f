import { randomFrom } from '@millrace/testing/random-from';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drive, ruleOf, written } from '../test/drive.ts';
import { randomHistory, someRules, windowOf } from '../test/random-history.ts';
import { bucketOf } from './bucket.ts';
import type { Entry, EventEntry } from './entry.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import { planFor } from './plan.ts';
import { REPEAT_MS } from './repeats.ts';

const MAX_DEPTH = 5;
const SIZE = 300;
const plan = planFor(someRules, MAX_DEPTH);
const options = { plan, reached: 0, maxDepth: MAX_DEPTH, keepNotWon: 1, onEvaluated: () => undefined };
const history = fc
  .tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: SIZE }))
  .map(([seed, size]) => ({ entries: randomHistory(randomFrom(seed), size), random: randomFrom(seed + 1) }));

const outcomesOf = (evaluator: Evaluator, entries: readonly Entry[]) =>
  entries.flatMap((entry) => drive(evaluator, entry).map(written));

describe('an evaluator', () => {
  it('gives the same outcomes however often it forgets what is past', () => {
    fc.assert(
      fc.property(history, ({ entries, random }) => {
        const whole = outcomesOf(createEvaluator(options), entries);

        const evaluator = createEvaluator(options);
        const forgetful = entries.flatMap((entry) => {
          if (random(5) === 0) evaluator.forget();
          return drive(evaluator, entry).map(written);
        });

        expect(forgetful).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('gives the same outcomes when it has read only as much before as the plan says, besides accounts and rules', () => {
    fc.assert(
      fc.property(history, ({ entries, random }) => {
        const from = random(entries.length);
        const start = (entries[from]?.at ?? 0) - plan.warmUpMs;
        const isRead = (entry: Entry) => entry.kind !== 'event' || entry.at >= start;
        const whole = createEvaluator(options);
        outcomesOf(whole, entries.slice(0, from));
        const warmed = createEvaluator(options);
        outcomesOf(warmed, entries.slice(0, from).filter(isRead));

        expect(outcomesOf(warmed, entries.slice(from))).toEqual(outcomesOf(whole, entries.slice(from)));
      }),
      { numRuns: 25 },
    );
  });

  it('gives no outcome for a repeat, and the same ones for the others', () => {
    fc.assert(
      fc.property(history, ({ entries, random }) => {
        const repeated = entries.flatMap((entry) =>
          entry.kind === 'event' && random(3) === 0 ? [entry, entry] : [entry],
        );

        expect(outcomesOf(createEvaluator(options), repeated)).toEqual(outcomesOf(createEvaluator(options), entries));
      }),
      { numRuns: 12 },
    );
  });

  it('measures what can be counted by hand', () => {
    const windows = {
      tumbling: windowOf({ over: '1d', timezone: 'Europe/Berlin' }),
      sliding: windowOf({ over: '7d', kind: 'sliding', measure: { of: 'sum', field: 'distance' } }),
    };
    const rule = ruleOf({ ruleId: 'all', windows, when: 'event.distance >= 0' });
    fc.assert(
      fc.property(history, ({ entries }) => {
        const events = entries.filter((entry): entry is EventEntry => entry.kind === 'event');
        const evaluator = createEvaluator({ ...options, plan: planFor([rule], MAX_DEPTH) });
        evaluator.apply({ kind: 'rule', at: 0, ruleId: 'all', rule });

        const found = outcomesOf(evaluator, events)
          .filter(({ outcome }) => outcome === 'won')
          .map(({ cause, values }) => [cause, values['windows.tumbling'], values['windows.sliding']]);

        expect(found).toEqual(byHand(events, windows.tumbling.latenessMs));
      }),
      { numRuns: 12 },
    );
  });

  it('ends a chain at its longest, with an error that says so', () => {
    const rule = ruleOf({ ruleId: 'again', streams: ['running', 'won-events'], when: 'true' });
    const evaluator = createEvaluator({ ...options, plan: planFor([rule], MAX_DEPTH) });
    evaluator.apply({ kind: 'rule', at: 0, ruleId: 'again', rule });

    const found = outcomesOf(evaluator, [event('one', 1_000)]);

    expect(found.map(({ outcome, depth }) => [outcome, depth])).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((depth) => ['won', depth]),
      ['error', 6],
    ]);
    expect(found.at(-1)?.reason).toBe('6 won events led to it, one through the other');
  });

  it('evaluates with the account as it was when the event was appended', () => {
    const rule = ruleOf({ ruleId: 'club', when: 'account != null && account.club == "harriers"' });
    const evaluator = createEvaluator({ ...options, plan: planFor([rule], MAX_DEPTH) });
    const version = (at: number, club: string): Entry => ({
      ...{ kind: 'account', at, accountId: 'a', account: { name: 'A', club }, event: undefined },
    });

    const found = outcomesOf(evaluator, [
      { kind: 'rule', at: 0, ruleId: 'club', rule },
      event('before', 1),
      version(2, 'harriers'),
      event('member', 3),
      version(4, 'none'),
      event('after', 5),
    ]);

    expect(found.map(({ cause, outcome, reason }) => [cause, outcome, reason])).toEqual([
      ['before', 'not_won', 'unknown account'],
      ['member', 'won', null],
      ['after', 'not_won', null],
    ]);
  });

  it('answers an event that is too late for a window, and does not count it', () => {
    const rule = ruleOf({
      ruleId: 'w',
      windows: { n: windowOf({ over: '1h', kind: 'sliding' }) },
      when: 'windows.n > 0',
    });
    const evaluator = createEvaluator({ ...options, plan: planFor([rule], MAX_DEPTH) });
    evaluator.apply({ kind: 'rule', at: 0, ruleId: 'w', rule });

    const found = outcomesOf(evaluator, [event('late', 700_000, 0), event('in time', 700_000, 100_000)]);

    expect(found.map(({ outcome, reason, values }) => [outcome, reason, values['windows.n']])).toEqual([
      ['not_won', 'too late', undefined],
      ['won', 'unknown account', 1],
    ]);
  });

  it('keeps an evaluation that failed, with the reason', () => {
    const rule = ruleOf({ ruleId: 'x', when: 'account.club == "harriers"' });
    const evaluator = createEvaluator({ ...options, keepNotWon: 0, plan: planFor([rule], MAX_DEPTH) });
    evaluator.apply({ kind: 'rule', at: 0, ruleId: 'x', rule });

    expect(outcomesOf(evaluator, [event('one', 1)])).toMatchObject([{ outcome: 'error', reason: /./ }]);
  });
});

const event = (eventId: string, at: number, time = at): EventEntry => ({
  ...{ kind: 'event', at, stream: 'running', accountId: 'a', eventId, time, value: { distance: 1, event_id: eventId } },
  traceId: '',
});

/** What the two windows measure for each event that is neither late nor a repeat, by looking at all of them. */
function byHand(events: readonly EventEntry[], latenessMs: number) {
  const runs = events.filter(({ stream }) => stream === 'running');
  const counted = runs.filter((each, i) => {
    const isRepeat = runs.slice(0, i).some(({ eventId, at }) => eventId === each.eventId && each.at - at <= REPEAT_MS);
    return !isRepeat && Math.abs(each.at - each.time) <= latenessMs;
  });
  return counted.map((each, i) => {
    const known = counted.slice(0, i + 1).filter(({ accountId }) => accountId === each.accountId);
    const { start, end } = bucketOf(each.time, '1d', 'Europe/Berlin');
    const sameDay = known.filter(({ time }) => time >= start && time < end).length;
    const week = known
      .filter(({ time }) => time > each.time - 7 * 86_400_000 && time <= each.time)
      .sort((a, b) => a.time - b.time)
      .reduce((sum, { value }) => sum + Number(value.distance), 0);
    return [each.eventId, sameDay, week];
  });
}
