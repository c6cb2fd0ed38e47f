import { expect, it } from 'vitest';
import type { Json } from '../connector.ts';
import { contentHash } from './content-hash.ts';

it('is the same in whatever order members come, at every depth', () => {
  const one = contentHash({ a: 1, b: { c: [1, { d: null, e: 'x' }], f: true } });
  const other = contentHash({ b: { f: true, c: [1, { e: 'x', d: null }] }, a: 1 });

  expect(one.equals(other)).toBe(true);
});

it('differs by every value, by the order of a list and by what is null or left out', () => {
  const values: Json[] = [
    {},
    { a: null },
    { a: 1 },
    { a: '1' },
    { a: [1, 2] },
    { a: [2, 1] },
    { a: { b: 1 } },
    { 'a":{"b': 1 },
  ];

  expect(new Set(values.map((value) => contentHash(value).toString('hex'))).size).toBe(values.length);
});
