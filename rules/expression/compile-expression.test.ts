import { describe, expect, it } from 'vitest';
import { type CheckedAgainst, compileExpression } from './compile-expression.ts';

const kind = {
  name: 'running',
  variables: {
    event: {
      distance: 'double',
      name: 'string',
      timestamp: 'google.protobuf.Timestamp',
      tags: 'list<string>',
      attributes: 'map<string, string>',
    },
    account: { name: 'string', attributes: 'map<string, string>' },
    windows: { week_km: 'double' },
  },
};
const context = {
  event: {
    distance: 12,
    name: 'Anna',
    amount: null,
    timestamp: new Date('2026-03-29T01:30:00Z'),
    tags: ['a', 'b'],
    attributes: { club: 'x' },
  },
  account: { name: 'John', attributes: {} },
  windows: { week_km: 5 },
};

function holds(text: string, given = context): boolean {
  const compiled = compileExpression(text, [kind]);
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
  return compiled.expression.holds(given);
}

function faultsOf(text: string, kinds: readonly CheckedAgainst[] = [kind]) {
  const compiled = compileExpression(text, kinds);
  return 'faults' in compiled ? compiled.faults : [];
}

describe('compileExpression', () => {
  it.each([
    ['event.distance > 10', true],
    ['event.distance == 12', true],
    ['12 != event.distance', false],
    ['10 + event.distance == 22', true],
    ['event.distance / 5 == 2.4', true],
    ['account != null && account.name == "John"', true],
    ['windows.week_km >= 5.0 && account != null', true],
    ['"club" in event.attributes && event.attributes["club"] == "x"', true],
    ['has(event.attributes.nothing)', false],
    ['event.tags.exists(t, t == "b")', true],
    ['event.timestamp.getHours("Europe/Berlin") == 3', true],
    ['event.timestamp.getDayOfWeek("Europe/Berlin") == 0 && event.timestamp.getMonth("UTC") == 2', true],
    ['event.name.matches("^An+a$")', true],
    ['event.tags.all(t, event.tags.exists(u, u.matches("^(a|b)$") && u == t))', true],
    ['event.distance - (event.distance - 1) == 1', true],
  ])('%s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it('is true or false for an account that is null', () => {
    expect(holds('account == null || account.name == "John"', { ...context, account: null as never })).toBe(true);
  });

  it.each([
    ['event.nope > 1', 'there is no field nope', 1, 7],
    ['event.distance > 10 &&\n  windows.wekk_km > 3.0', 'there is no field wekk_km', 2, 11],
    ['event.distance > "x"', 'no such overload: double > string', 1, 1],
    ['event.distance >', 'unexpected token: EOF', 1, 17],
    ['runner.name == "x"', 'unknown variable: runner', 1, 1],
    ['event.distance', 'must be true or false; this is a double', 1, 1],
    ['now() > event.timestamp', "found no matching overload for 'now()'", 1, 1],
    ['event.name.matches(event.name)', 'a pattern must be written out', 1, 20],
    ['event.name.matches("(")', 'is not a pattern that can be used', 1, 20],
    ['event.timestamp.getHours("Mars/Base") > 1', 'is not a time zone: Mars/Base', 1, 26],
    ['cel.bind(x, 3, x > 2)', 'cel.bind is not taken', 1, 1],
    [`${'('.repeat(5_000)}1`, 'has more than 4096 characters', 1, 1],
    [`event.tags.all(a, event.tags.all(b, event.tags.all(c, true)))`, 'all may not stand inside 2 others', 1, 37],
    [Array(400).fill('1').join('+'), 'is too large', 1, 1],
  ])('refuses %s, and says where', (text, message, line, column) => {
    const [fault] = faultsOf(text);

    expect(fault?.message).toContain(message);
    if (!message.startsWith('is too large')) expect([fault?.line, fault?.column]).toEqual([line, column]);
  });

  it('checks against every kind of event, and says which one does not fit', () => {
    const music = { name: 'music', variables: { ...kind.variables, event: { title: 'string' } } };

    expect(faultsOf('event.distance > 1', [kind, music])).toEqual([
      { message: 'there is no field distance (in music)', line: 1, column: 7 },
    ]);
  });

  it('takes time that grows with the text alone, where patterns could backtrack', () => {
    const name = `${'a'.repeat(2_000)}!`;
    const began = performance.now();

    holds('event.name.matches("^(a+)+$")', { ...context, event: { ...context.event, name } });

    expect(performance.now() - began).toBeLessThan(500);
  });

  it('refuses loops in loops over long lists when they run', () => {
    const tags = Array<string>(2_000).fill('a');

    expect(() =>
      holds('event.tags.all(a, event.tags.all(b, a == b))', { ...context, event: { ...context.event, tags } }),
    ).toThrow('lists of up to 1000');
  });

  it('throws where a value is missing', () => {
    expect(() => holds('event.attributes["nothing"] == "x"')).toThrow('nothing');
  });

  it('says what is read, each field once', () => {
    const compiled = compileExpression(
      'event.distance > 1 && event.attributes.club == account.name || event.distance < 3',
      [kind],
    );

    expect('expression' in compiled && compiled.expression.reads).toEqual([
      ['event', 'distance'],
      ['event', 'attributes', 'club'],
      ['account', 'name'],
    ]);
  });
});
