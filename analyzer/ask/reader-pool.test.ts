import { DuckDBInstance } from '@duckdb/node-api';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import { expect, it, onTestFinished } from 'vitest';
import { createReaderPool, type PoolLimits, type ReaderPool } from './reader-pool.ts';

const ENDLESS = 'SELECT count(*) FROM range(1_000_000_000) a, range(1_000_000) b WHERE a.range % 7 = b.range % 5';

async function opened(limits: Partial<PoolLimits> = {}) {
  const instance = await DuckDBInstance.create(':memory:');
  let connected = 0;
  const connect = () => {
    connected += 1;
    return instance.connect();
  };
  const pool = createReaderPool(connect, { size: 1, maxWaiting: 10, budgetMs: 100, ...limits });
  onTestFinished(async () => {
    await pool.close();
    instance.closeSync();
  });
  return { pool, connections: () => connected };
}

/** Holds a connection until it is released. */
function hold(pool: ReaderPool) {
  const { promise, resolve } = withResolvers<void>();
  const held = pool.useUnlimited(() => promise);
  return {
    async release() {
      resolve();
      await held;
    },
  };
}

it('runs as much at a time as it has connections, in the order of asking', async () => {
  const { pool, connections } = await opened({ size: 2, budgetMs: 10_000 });
  const order: number[] = [];
  let running = 0;
  let most = 0;

  await Promise.all(
    [0, 1, 2, 3, 4, 5].map((n) =>
      pool.use(async (connection) => {
        order.push(n);
        running += 1;
        most = Math.max(most, running);
        await connection.run('SELECT 1');
        running -= 1;
      }),
    ),
  );

  expect([order, most, connections()]).toEqual([[0, 1, 2, 3, 4, 5], 2, 2]);
});

it('refuses what has waited for its whole budget, with Retry-After, and serves again when a connection is free', async () => {
  const { pool } = await opened();
  const busy = hold(pool);

  const refused = await pool.use(async () => 'served').catch((error: unknown) => error);
  await busy.release();

  expect(refused).toMatchObject({ code: 'saturated', status: 503, headers: { 'retry-after': '1' } });
  expect(await pool.use(async () => 'served')).toBe('served');
});

it('refuses at once what finds a full queue', async () => {
  const { pool } = await opened({ maxWaiting: 3, budgetMs: 60_000 });
  const busy = hold(pool);
  await new Promise((resolve) => setImmediate(resolve));

  const waiting = [1, 2, 3].map((n) => pool.use(async () => n));
  const refused = await pool.use(async () => 4).catch((error: unknown) => error);
  await busy.release();

  expect(refused).toMatchObject({ code: 'saturated', status: 503 });
  expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
});

it('stops work whose budget is over, waiting included, and uses the connection again', async () => {
  const { pool } = await opened({ size: 2 });

  const stopped = await Promise.allSettled([1, 2].map(() => pool.use((connection) => connection.run(ENDLESS))));

  for (const each of stopped)
    expect(each).toMatchObject({
      reason: { code: 'query-timeout', status: 504, message: expect.stringContaining('100 ms') },
    });
  expect(await pool.use(async () => 'served')).toBe('served');
});

it('lets work without a limit take as long as it takes, and interrupts it when the pool closes', async () => {
  const { pool } = await opened({ budgetMs: 20 });
  const long = pool.useUnlimited((connection) => connection.run(ENDLESS)).catch((error: unknown) => error);
  const waited = await pool.use(async () => 'served').catch((error: unknown) => error);

  await pool.close();

  expect(waited).toMatchObject({ code: 'saturated' });
  expect(String(await long)).toMatch(/interrupt/i);
});
