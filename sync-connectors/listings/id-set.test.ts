import { expect, it } from 'vitest';
import { createIdSet } from './id-set.ts';

it('knows each of a hundred thousand ids once', () => {
  const set = createIdSet();
  const ids = Array.from({ length: 100_000 }, (_, at) => `centro:${at}`);

  expect(ids.every((id) => set.add(id))).toBe(true);
  expect(ids.some((id) => set.add(id))).toBe(false);
});
