import { describe, expect, it } from 'vitest';
import { Problem } from './problem.ts';
import { problemOf } from './problem-of.ts';
import { problems } from './problems.ts';

describe('problems', () => {
  it.each(Object.entries(problems))('%s has an error status and a title without a full stop', (code, kind) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(kind.status).toBeGreaterThanOrEqual(400);
    expect(kind.status).toBeLessThan(600);
    expect(kind.title).toMatch(/[^.]$/);
  });
});

describe('Problem', () => {
  it('takes status, title and whether to retry from the table', () => {
    const problem = new Problem('kafka-unavailable', 'no broker answered');

    expect(problem).toMatchObject({ name: 'Problem', status: 503, retriable: true, message: 'no broker answered' });
    expect(problem.title).toBe(problems['kafka-unavailable'].title);
    expect(problem.errors).toEqual([]);
  });

  it('keeps its cause', () => {
    const cause = new Error('ECONNREFUSED');

    expect(new Problem('database-unavailable', 'away', { cause }).cause).toBe(cause);
    expect('cause' in new Problem('database-unavailable', 'away')).toBe(false);
  });
});

describe('problemOf', () => {
  it('answers a Problem as it is', () => {
    const problem = new Problem('not-found', 'nothing');

    expect(problemOf(problem)).toBe(problem);
  });

  it('makes a client error of the status that Express puts on its own errors', () => {
    const error = Object.assign(new URIError("Failed to decode param '%zz'"), { status: 400 });

    expect(problemOf(error)).toMatchObject({ code: 'invalid-parameter', message: "Failed to decode param '%zz'" });
  });

  it.each([
    [new Error('password=secret')],
    ['password=secret'],
    [undefined],
    [Object.assign(new Error('x'), { status: 418 })],
  ])('hides %s behind internal', (error) => {
    const problem = problemOf(error);

    expect(problem.code).toBe('internal');
    expect(problem.message).not.toContain('secret');
    expect(problem.cause).toBe(error);
  });
});
