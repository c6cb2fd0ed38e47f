import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleRecord } from '../catalog/catalog.ts';
import { type RuleDefinition, ruleDefinition } from '../rule/definition.ts';
import { findGaps } from './find-gaps.ts';
import { type TimeRange, without } from './time-range.ts';

const definition = (given: Partial<RuleDefinition> = {}): RuleDefinition => ({
  ...ruleDefinition.parse({ name: 'far', kind: 'win', streams: ['running'], when: 'true' }),
  ...given,
});

const versionAt = (at: number, version: number, given: Partial<RuleDefinition> = {}): RuleRecord => ({
  ...{ partition: 0, offset: BigInt(at), at, appendedAt: at, ruleId: 'rule' },
  says: {
    kind: 'version',
    version: { version, definition: definition(given), json: {}, rule: undefined, faults: [] },
  },
});

const unusableAt = (at: number): RuleRecord => ({ ...versionAt(at, 1), says: { kind: 'nothing', fault: 'torn' } });
const current = (version: number, given: Partial<RuleDefinition> = {}) => ({ version, definition: definition(given) });

describe('gaps', () => {
  it('are what was appended before the version was made', () => {
    expect(findGaps([versionAt(100, 1)], current(1), [])).toEqual([{ from: 0, to: 100, reason: 'made later' }]);
  });

  it('are what another version has seen', () => {
    const records = [versionAt(100, 1), versionAt(200, 2)];

    expect(findGaps(records, current(2), [])).toEqual([{ from: 0, to: 200, reason: 'made later' }]);
  });

  it('begin with effective_from, and are none where that is later', () => {
    const early = { effective_from: new Date(60).toISOString() };
    const late = { effective_from: new Date(500).toISOString() };

    expect(findGaps([versionAt(100, 1, early)], current(1, early), [])).toEqual([
      { from: 60, to: 100, reason: 'made later' },
    ]);
    expect(findGaps([versionAt(100, 1, late)], current(1, late), [])).toEqual([]);
  });

  it('are the times that the version was off, the last of them without an end', () => {
    const off = { mode: 'off' } as const;
    const records = [
      versionAt(100, 1),
      versionAt(200, 1, off),
      versionAt(300, 1, { mode: 'shadow' }),
      versionAt(400, 1, off),
    ];

    expect(findGaps(records, current(1, off), [{ from: 0, to: 100 }])).toEqual([
      { from: 200, to: 300, reason: 'off' },
      { from: 400, to: Number.POSITIVE_INFINITY, reason: 'off' },
    ]);
  });

  it('are not made by a record that says nothing', () => {
    const records = [versionAt(100, 1), unusableAt(150)];

    expect(findGaps(records, current(1), [])).toEqual([{ from: 0, to: 100, reason: 'made later' }]);
  });

  it('are closed by what was filled, also in part', () => {
    const filled = [
      { from: 20, to: 40 },
      { from: 30, to: 50 },
    ];

    expect(findGaps([versionAt(100, 1)], current(1), filled)).toEqual([
      { from: 0, to: 20, reason: 'made later' },
      { from: 50, to: 100, reason: 'made later' },
    ]);
  });
});

it('leaves every instant of a range that lies in no other range, once', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
    .map(([a, b]): TimeRange => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  fc.assert(
    fc.property(range, fc.array(range, { maxLength: 6 }), (whole, others) => {
      const holds =
        (at: number) =>
        ({ from, to }: TimeRange) =>
          from <= at && at < to;
      const left = without(whole, others);
      for (let at = 0; at <= 40; at += 1)
        expect(left.filter(holds(at)).length).toBe(holds(at)(whole) && !others.some(holds(at)) ? 1 : 0);
    }),
  );
});
