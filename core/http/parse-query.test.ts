import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemOf } from '../problem/problem-of.ts';
import { instant, limit, order, repeated, wholeNumber } from './parameters.ts';
import { parseQuery, queryOf } from './parse-query.ts';

const schema = z.object({
  index: wholeNumber(),
  limit,
  order: order('asc'),
  from: instant.optional(),
  measure: repeated(z.string().min(1, { error: 'must not be empty' })),
});

const parse = (query: string) => parseQuery(schema, queryOf(`/running?${query}`));

function faultsOf(query: string) {
  try {
    parse(query);
  } catch (error) {
    const { code, errors } = problemOf(error);
    return { code, errors: Object.fromEntries(errors.map(({ pointer, message }) => [pointer, message])) };
  }
  return undefined;
}

describe('parseQuery', () => {
  it('fills in defaults', () => {
    expect(parse('index=0')).toEqual({ index: 0, limit: 100, order: 'asc', measure: [] });
  });

  it('reads every kind of parameter', () => {
    const query =
      'index=-3&limit=1000&order=desc&from=2026-03-14T09:32:10.5%2B02:00&measure=sum(distance)&measure=count';

    expect(parse(query)).toEqual({
      index: -3,
      limit: 1000,
      order: 'desc',
      from: Date.UTC(2026, 2, 14, 7, 32, 10, 500),
      measure: ['sum(distance)', 'count'],
    });
  });

  it('takes a time whose + was not encoded', () => {
    expect(parse('index=0&from=2026-03-14T09:32:10+02:00').from).toBe(Date.UTC(2026, 2, 14, 7, 32, 10));
  });

  it('takes one value of a parameter that may repeat', () => {
    expect(parse('index=0&measure=count').measure).toEqual(['count']);
  });

  it('names every fault at once, unknown parameters among them', () => {
    expect(faultsOf('limit=0&order=up&from=yesterday&measure=&measure=a&lmit=3')).toEqual({
      code: 'invalid-parameter',
      errors: {
        '/query/index': 'is required',
        '/query/limit': 'must be a whole number from 1 to 1000',
        '/query/order': 'must be asc or desc',
        '/query/from': 'must be an RFC 3339 time such as 2026-03-14T07:32:10Z',
        '/query/measure': 'must not be empty',
        '/query/lmit': 'is not a parameter here; known are index, limit, order, from, measure',
      },
    });
  });

  it.each(['', '1.5', '1e3', ' 1', 'abc', '0x10', '9007199254740993'])(
    'does not take "%s" for a whole number',
    (text) => {
      expect(faultsOf(`index=${encodeURIComponent(text)}`)?.errors).toEqual({
        '/query/index': 'must be a whole number',
      });
    },
  );

  it.each(['2026-03-14', '2026-02-30T00:00:00Z', '2026-03-14T07:32:10', '1773473530', '2026-13-01T00:00:00Z'])(
    'does not take "%s" for a time',
    (text) => {
      expect(faultsOf(`index=0&from=${text}`)?.errors).toHaveProperty('/query/from');
    },
  );

  it('says that a parameter was given twice', () => {
    expect(faultsOf('index=0&index=1')?.errors).toEqual({ '/query/index': 'must be given only once' });
  });

  it('is not fooled by names that objects have anyway', () => {
    expect(Object.keys(faultsOf('index=0&__proto__=1&constructor=2')?.errors ?? {})).toEqual([
      '/query/__proto__',
      '/query/constructor',
    ]);
  });
});

describe('queryOf', () => {
  it.each([undefined, '', '/', '//', '/?', '/%zz'])('finds no parameters in %s', (url) => {
    expect([...queryOf(url)]).toEqual([]);
  });
});
