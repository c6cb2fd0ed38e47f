import { LRUCache } from 'lru-cache';

export type SearchAnswer = { readonly body: string; readonly etag: string; readonly link: string | undefined };

export type SearchCache = {
  /** The kept answer, else what `find` answers, which is asked once however many ask for it at a time. */
  answer(key: string, find: () => Promise<SearchAnswer>): Promise<SearchAnswer>;
  /** Called once rows are committed: no answer from before is given after. */
  invalidate(): void;
};

/** What another replica of storage has stored is seen after this time at the latest. */
const OLDEST_MS = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;

export function createSearchCache(): SearchCache {
  const kept = new LRUCache<string, SearchAnswer>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ body }, key) => body.length + key.length + 200,
    ttl: OLDEST_MS,
  });
  const asked = new Map<string, Promise<SearchAnswer>>();
  let generation = 0;

  return {
    answer(key, find) {
      const known = kept.get(key);
      if (known) return Promise.resolve(known);
      const before = asked.get(key);
      if (before) return before;
      const at = generation;
      const finding = find()
        .then((answer) => {
          if (at === generation) kept.set(key, answer);
          return answer;
        })
        .finally(() => {
          if (asked.get(key) === finding) asked.delete(key);
        });
      asked.set(key, finding);
      return finding;
    },
    invalidate() {
      generation += 1;
      kept.clear();
      asked.clear();
    },
  };
}
