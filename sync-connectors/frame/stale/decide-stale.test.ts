import { describe, expect, it } from 'vitest';
import type { Scope } from '../connector.ts';
import { isEmpty, type ReadFacts, whyNotMissed } from './decide-stale.ts';

const all: Scope = { kind: 'all' };
const one: Scope = { kind: 'one', id: '7' };
const full: ReadFacts = {
  isIncremental: false,
  isOther: false,
  skippedWithoutId: 0,
  seen: 'all',
  sawAny: true,
  allowsEmpty: false,
  canTell: true,
};

it('counts what a whole read did not see', () => {
  expect(whyNotMissed(all, full)).toBeUndefined();
  expect(whyNotMissed(one, { ...full, sawAny: false })).toBeUndefined();
  expect(whyNotMissed(all, { ...full, sawAny: false, allowsEmpty: true })).toBeUndefined();
});

it.each<[string, Partial<ReadFacts>]>([
  ['only read what had changed', { isIncremental: true }],
  ['credentials or filters', { isOther: true }],
  ['2 skipped parts had no id', { skippedWithoutId: 2 }],
  ['the answer was empty', { sawAny: false }],
  ['can’t say which rows', { canTell: false }],
])('says why nothing counts: %s', (reason, facts) => {
  expect(whyNotMissed(all, { ...full, ...facts })).toContain(reason);
});

it('takes an empty answer for an incomplete one, unless only changes or one row were asked for', () => {
  expect(isEmpty(all, { ...full, sawAny: false })).toBe(true);
  expect(isEmpty(all, { ...full, sawAny: false, allowsEmpty: true })).toBe(false);
  expect(isEmpty(all, { ...full, sawAny: false, isIncremental: true })).toBe(false);
  expect(isEmpty(one, { ...full, sawAny: false })).toBe(false);
});

describe('a scope that is unchanged', () => {
  const unchanged: ReadFacts = { ...full, seen: 'unchanged', sawAny: false };

  it('counts again, though no row was seen and another scope had parts without an id', () => {
    expect(whyNotMissed(all, unchanged)).toBeUndefined();
    expect(whyNotMissed(all, { ...unchanged, skippedWithoutId: 2 })).toBeUndefined();
    expect(isEmpty(all, unchanged)).toBe(false);
  });

  it.each<[string, Partial<ReadFacts>]>([
    ['credentials or filters', { isOther: true }],
    ['can’t say which rows', { canTell: false }],
  ])('does not count: %s', (reason, facts) => {
    expect(whyNotMissed(all, { ...unchanged, ...facts })).toContain(reason);
  });
});
