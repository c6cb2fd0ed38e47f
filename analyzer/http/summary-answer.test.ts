import { expect, it } from 'vitest';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { fullThing, openThings, runOf, things } from '../test/things.ts';
import { createSummaryAnswer } from './summary-answer.ts';

const FRESH = { as_of: '2026-03-14T08:00:00.000Z', last_updated: '2026-03-14T08:00:00.000Z', lag: 0 };
const freshness = { body: async () => FRESH, setHeaders: async () => undefined };

it('reads a history once for each state of it, however many ask at once or later', async () => {
  const { open, pool } = await openThings();
  const history = await open();
  await history.append([await runOf([fullThing(0), fullThing(1)])]);
  let reads = 0;
  const counting: ReaderPool = {
    ...pool,
    use(work) {
      reads += 1;
      return pool.use(work);
    },
  };
  const historyOf = () => history;
  const summary = createSummaryAnswer({ streams: [things], historyOf, pool: counting, freshness, budgetMs: 10_000 });

  const first = await Promise.all(Array.from({ length: 100 }, () => summary.answer()));
  const readsAtFirst = reads;
  await history.append([await runOf([fullThing(2)], 2_000, 2n)]);
  const later = await Promise.all(Array.from({ length: 100 }, () => summary.answer()));

  expect(first).toEqual(
    Array(100).fill(expect.objectContaining({ streams: { things: expect.objectContaining({ count: 2 }) } })),
  );
  expect(later).toEqual(
    Array(100).fill(expect.objectContaining({ streams: { things: expect.objectContaining({ count: 3 }) } })),
  );
  expect([readsAtFirst, reads]).toEqual([1, 2]);
});

it('answers 503 with Retry-After when computations before it take the whole budget', async () => {
  const { open, pool } = await openThings();
  const history = await open();
  const never = new Promise<never>(() => undefined);
  const stuck: ReaderPool = { ...pool, use: () => never };
  const summary = createSummaryAnswer({
    streams: [things],
    historyOf: () => history,
    pool: stuck,
    freshness,
    budgetMs: 50,
  });

  await expect(summary.answer()).rejects.toMatchObject({ code: 'saturated', headers: { 'retry-after': '1' } });
});
