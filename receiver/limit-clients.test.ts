import { problemOf } from '@millrace/core/problem/problem-of';
import { describe, expect, it } from 'vitest';
import { limitClients } from './limit-clients.ts';

describe('limitClients', () => {
  const clock = { now: 0 };
  const limited = (perSecond: number) => {
    const limit = limitClients(perSecond, () => clock.now);
    return (client: string) => {
      try {
        limit(client);
        return 'taken';
      } catch (error) {
        const { code, headers } = problemOf(error);
        return `${code}, retry after ${headers['retry-after']}`;
      }
    };
  };

  it('takes a second of requests at once, and then as many as time brings', () => {
    const ask = limited(2);

    const first = [ask('a'), ask('a'), ask('a')];
    clock.now += 500;
    const later = [ask('a'), ask('a')];

    expect(first).toEqual(['taken', 'taken', 'too-many-requests, retry after 1']);
    expect(later).toEqual(['taken', 'too-many-requests, retry after 1']);
  });

  it('counts each client by itself', () => {
    const ask = limited(1);

    expect([ask('a'), ask('b'), ask('a')]).toEqual(['taken', 'taken', 'too-many-requests, retry after 1']);
  });

  it('takes any number when it is 0', () => {
    const ask = limited(0);

    expect(new Set(Array.from({ length: 100 }, () => ask('a')))).toEqual(new Set(['taken']));
  });
});
