import { expect, it } from 'vitest';
import { contentHash } from '../state/content-hash.ts';
import { decideChange, nextVersion } from './decide-change.ts';

const hash = contentHash('{"name":"a"}');
const other = contentHash('{"name":"b"}');
const known = { hash, version: 3, missed: 1, isStale: false, isConfirmed: true };

it('is a change where a row is new, differs, was stale, or where nobody knows what the stream has', () => {
  expect(decideChange(undefined, hash)).toBe('changed');
  expect(decideChange(known, other)).toBe('changed');
  expect(decideChange({ ...known, isStale: true }, hash)).toBe('returned');
  expect(decideChange(known, hash)).toBe('unchanged');
  expect(decideChange({ ...known, isConfirmed: false }, hash)).toBe('changed');
});

it('is a version of its own, but for what may be in the stream already', () => {
  expect(nextVersion(undefined, hash)).toBe(1);
  expect(nextVersion(known, other)).toBe(4);
  expect(nextVersion({ ...known, isConfirmed: false }, other)).toBe(4);
  expect(nextVersion({ ...known, isConfirmed: false }, hash)).toBe(3);
  expect(nextVersion({ ...known, isConfirmed: false, isStale: true }, hash)).toBe(4);
});
