import { problemOf } from '@millrace/core/problem/problem-of';
import { describe, expect, it } from 'vitest';
import { parseShallow } from './parse-shallow.ts';

const padding = 'x'.repeat(300_000);
function outcome(text: string) {
  try {
    return parseShallow(Buffer.from(text));
  } catch (error) {
    return problemOf(error).message;
  }
}
const nested = (depth: number) => `${'['.repeat(depth)}"${padding}"${']'.repeat(depth)}`;

describe('parseShallow', () => {
  it('takes what is nested as deep as a record can be, and nothing deeper', () => {
    expect(outcome(nested(200))).toEqual(JSON.parse(nested(200)));
    expect(outcome(nested(201))).toBe('The body is nested more than 200 levels deep.');
  });

  it('does not take brackets in texts for nesting', () => {
    const value = { text: `${'[{'.repeat(500)}"\\`, end: `\\\\"${'['.repeat(300)}`, padding };

    expect(outcome(JSON.stringify(value))).toEqual(value);
  });

  it('leaves a text without end to the parser', () => {
    expect(outcome(`["${padding}`)).toMatch(/^The body is not JSON/);
  });

  it('answers millions of levels at once', () => {
    expect(outcome('['.repeat(5_000_000))).toMatch(/levels deep/);
  });
});
