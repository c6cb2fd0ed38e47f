import { describe, expect, it } from 'vitest';
import { compilePattern } from './compile-pattern.ts';

describe('a pattern', () => {
  it.each<[string, string[], string[]]>([
    ['^#[0-9a-f]{6}$', ['#00ff00'], ['#00ff0', 'x#00ff00']],
    ['^a', ['a', 'ab'], ['ba']],
    ['b', ['b', 'abc', 'a\nb'], ['a', '']],
    ['^(?:red|green)$', ['red', 'green'], ['reds', 'blue']],
    ['(red|green)', ['dark red', 'greenish'], ['blue']],
    ['^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$', ['a@b.ca', 'x.y@z.org'], ['a@b', '@b.ca', 'a@b.c']],
    ['^(\\+\\d{1,3} )?\\d{3}-\\d{4}$', ['555-0100', '+1 555-0100'], ['5550100']],
    ['^\\p{Lu}[\\p{L} ]*$', ['Émile', 'A b'], ['émile']],
    ['^[\\]\\[(|)*+]+$', ['[(|)*+]'], ['a']],
    ['^\\u{1F600}?$', ['😀', ''], ['a']],
    ['^\\$\\d+(\\.\\d\\d)?$', ['$5', '$5.00'], ['5']],
  ])('%s matches as JavaScript says', (pattern, good, bad) => {
    const { test } = compilePattern(pattern);
    const native = new RegExp(pattern, 'u');

    expect([...good, ...bad].filter(test)).toEqual(good);
    expect([...good, ...bad].filter((text) => native.test(text))).toEqual(good);
  });

  it.each([
    '^(a+)+$',
    '(x+x+)+y',
    '^(a|a)*$',
    '^(.*a){12}$',
    '^(\\w+\\s?)*$',
    '^(a|aa)+$',
    '\\s+$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ])('%s never backtracks for ever', (pattern) => {
    const { test } = compilePattern(pattern);

    expect(test(`${'a'.repeat(4_000)}!`)).toBe(false);
    expect(test('a'.repeat(1_000_000))).toBe(false);
  });

  it.each([
    ['[', /nterminated|nvalid/],
    ['(a)\\1', /escape/],
    ['(?=a)(b)', /syntax|Perl/],
    ['^a|b$', /an anchor may stand at its start or end only/],
    ['^(a$|b)', /an anchor may stand/],
    ['(\\bword\\b)', /an anchor may stand/],
    ['^(?:(?:a{0,200}){0,200})$', /repeat|repetitions/],
    [`^(${'a'.repeat(500)})$`, /more than 500 characters/],
  ])('%s is refused', (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(reason);
  });
});
