import { expect, it } from 'vitest';
import { contentHash } from '../state/content-hash.ts';
import { decideChange } from './decide-change.ts';

const hash = contentHash('{"name":"a"}');
const known = { hash, version: 3, missed: 1, isStale: false };

it('is a change where a row is new, differs, or was stale', () => {
  expect(decideChange(undefined, hash)).toBe('changed');
  expect(decideChange(known, contentHash('{"name":"b"}'))).toBe('changed');
  expect(decideChange({ ...known, isStale: true }, hash)).toBe('returned');
  expect(decideChange(known, hash)).toBe('unchanged');
});
