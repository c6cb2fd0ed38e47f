import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Context, checkCel, parseCel } from './cel.ts';
import { compileShortcut, UNSURE } from './shortcut.ts';

function parse(text: string) {
  const parsed = parseCel(text);
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  return parsed;
}

const anyFields = { event: { a: 'dyn', b: 'dyn', at: { c: 'dyn' } }, account: { a: 'dyn' }, windows: { w: 'double' } };

const shortcut = (text: string) => compileShortcut(parse(text).root);

const literal = fc.constantFrom(
  '0',
  '-1',
  '3',
  '2.5',
  '-0.0',
  '9007199254740993',
  '"a"',
  '"3"',
  'true',
  'false',
  'null',
);
const field = fc.constantFrom(
  'event.a',
  'event.b',
  'event.at.c',
  'account.a',
  'account.toString',
  'windows.w',
  'account',
  'event',
);
const binary = fc.constantFrom('&&', '||', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', 'in');

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    field,
    literal,
    fc.tuple(tie('expression'), binary, tie('expression')).map(([left, op, right]) => `(${left} ${op} ${right})`),
    tie('expression').map((inner) => `!(${inner})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a} ? ${b} : false)`),
  ),
}));

const value = fc.oneof(
  fc.double(),
  fc.constantFrom<unknown>(0, -0, 1, 3, 'a', '3', '', true, false, null, undefined, Number.NaN),
  fc.constantFrom<unknown>(new Date(0), [], [1], {}, { c: 1 }, { constructor: 1 }, Buffer.from('a')),
);
const object = fc.record({ a: value, b: value, at: fc.oneof(value, fc.record({ c: value })) }, { requiredKeys: [] });
const context: fc.Arbitrary<Context> = fc.record({
  event: fc.oneof(object, fc.constant(null)),
  account: fc.oneof(object, fc.constant(null)),
  windows: fc.record({ w: value }),
});

describe('a shortcut', () => {
  it('answers what the library answers, or that it does not know', () => {
    let sure = 0;
    fc.assert(
      fc.property(expression, context, (text, given) => {
        if ('fault' in checkCel(text, anyFields)) return;
        const { root, run } = parse(text);
        const found = compileShortcut(root)?.(given);
        if (found === undefined || found === UNSURE) return;
        sure += 1;
        const said = run(given);
        expect(found).toEqual(typeof said === 'bigint' ? Number(said) : said);
      }),
      { numRuns: 2_000 },
    );
    expect(sure).toBeGreaterThan(100);
  });

  it('is there for the conditions that people write', () => {
    const given = { event: { distance: 12_000, kind: 'run' }, account: { status: 'active' }, windows: { km: 101 } };
    for (const [text, answer] of [
      ['windows.km >= 100.0 && account != null', true],
      ['event.distance / 1000 > 10 && event.kind == "run"', true],
      ['!(account.status == "active") || windows.km < 3', false],
    ] as const)
      expect(shortcut(text)?.(given), text).toBe(answer);
  });

  it('is not there for calls, lists, and what is made of literals alone', () => {
    for (const text of ['event.kind.startsWith("r")', 'event.kind in ["run"]', '3 / 2 == 1', 'event.toString == "a"'])
      expect(shortcut(text), text).toBeUndefined();
  });

  it('does not know of what is missing, null, or of another kind', () => {
    const given = { event: { distance: null, kind: 'run' }, account: null, windows: {} };
    for (const text of [
      'event.distance > 3',
      'event.kind > 3',
      'account.name == "a"',
      'windows.km > 1',
      'event.none == null',
    ])
      expect(shortcut(text)?.(given), text).toBe(UNSURE);
  });
});
