import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../connector.ts';
import { canonicalJson } from './canonical-json.ts';

it('is the same in whatever order members come, at every depth', () => {
  const one = canonicalJson({ a: 1, b: { c: [1, { d: null, e: 'x' }], f: true } });
  const other = canonicalJson({ b: { f: true, c: [1, { e: 'x', d: null }] }, a: 1 });

  expect(one).toBe(other);
  expect(one).toBe('{"a":1,"b":{"c":[1,{"d":null,"e":"x"}],"f":true}}');
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

  expect(new Set(values.map((value) => canonicalJson(value))).size).toBe(values.length);
});

it('is JSON of the same value, whatever that is', () => {
  const json = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      ...[fc.constant(null), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })],
      ...[
        fc.string({ unit: 'binary' }),
        fc.array(tie('json')),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('json')),
      ],
    ),
  })).json;

  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
