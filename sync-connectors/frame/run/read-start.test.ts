import { describe, expect, it } from 'vitest';
import { readStart } from './read-start.ts';

const all = { scope: { kind: 'all' }, full: false } as const;
const known = { cursor: 7, isOther: false };
const fromStart = { cursor: undefined, isIncremental: false };

describe('a read', () => {
  it('goes on from its cursor, and then only sees what has changed', () => {
    expect(readStart({}, all, known)).toEqual({ cursor: 7, isIncremental: true });
    expect(readStart({}, all, { ...known, isOther: true })).toEqual({ cursor: 7, isIncremental: true });
  });

  it('begins at the start without a cursor, when everything is asked for, and for a part', () => {
    expect(readStart({}, all, { ...known, cursor: undefined })).toEqual(fromStart);
    expect(readStart({}, { ...all, full: true }, known)).toEqual(fromStart);
    expect(readStart({}, { ...all, scope: { kind: 'one', id: '7' } }, known)).toEqual(fromStart);
  });
});

describe('a read of an entity that reads whole', () => {
  const whole = { readsWhole: true };

  it('is never incremental, though it has its cursor', () => {
    expect(readStart(whole, all, known)).toEqual({ cursor: 7, isIncremental: false });
  });

  it('has no cursor under other credentials or filters, or when everything is asked for', () => {
    expect(readStart(whole, all, { ...known, isOther: true })).toEqual(fromStart);
    expect(readStart(whole, { ...all, full: true }, known)).toEqual(fromStart);
  });
});
