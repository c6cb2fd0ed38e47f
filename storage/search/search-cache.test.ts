import { describe, expect, it } from 'vitest';
import { createSearchCache, type SearchAnswer } from './search-cache.ts';

const answer = (body: string): SearchAnswer => ({ body, etag: '"e"', link: undefined });

describe('the cache of searches', () => {
  it('asks once for what is asked for at a time and after', async () => {
    const cache = createSearchCache();
    let asked = 0;
    const find = async () => answer(String(++asked));

    const both = await Promise.all([cache.answer('a', find), cache.answer('a', find)]);

    expect([...both, await cache.answer('a', find)].map(({ body }) => body)).toEqual(['1', '1', '1']);
    expect((await cache.answer('b', find)).body).toBe('2');
  });

  it('gives no answer from before a row was stored, nor keeps one that was asked for before and came after', async () => {
    const cache = createSearchCache();
    const early = cache.answer('a', async () => {
      cache.invalidate();
      return answer('old');
    });
    await early;

    expect((await cache.answer('a', async () => answer('new'))).body).toBe('new');
  });

  it('keeps no failure', async () => {
    const cache = createSearchCache();
    await expect(cache.answer('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');

    expect((await cache.answer('a', async () => answer('back'))).body).toBe('back');
  });
});
