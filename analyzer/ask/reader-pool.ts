import type { DuckDBConnection } from '@duckdb/node-api';
import { Problem } from '@millrace/core/problem/problem';
import { Pool, TimeoutError } from 'tarn';
import type { ReadPriority } from '../store/read-priority.ts';
import { withinBudget } from './within-budget.ts';

type Work<Result> = (connection: DuckDBConnection) => Promise<Result>;

/** A few connections that only read. Work gets one to itself, and waits in a queue while all are busy. */
export type ReaderPool = {
  /**
   * Waiting and work share the budget. Throws `saturated` when no connection became free in time or the queue is full, and
   * `query-timeout` when the work was stopped.
   */
  use<Result>(work: Work<Result>): Promise<Result>;
  /** The same for work that may take long: only waiting has a limit. */
  useUnlimited<Result>(work: Work<Result>): Promise<Result>;
  /** Interrupts what runs, refuses what waits. */
  close(): Promise<void>;
};

export type PoolLimits = {
  readonly size: number;
  readonly maxWaiting: number;
  readonly budgetMs: number;
};

const RETRY_AFTER = { headers: { 'retry-after': '1' } };

/** @param trackRead called with all that runs, so that writing yields to it */
export function createReaderPool(
  connect: () => Promise<DuckDBConnection>,
  { size, maxWaiting, budgetMs }: PoolLimits,
  trackRead: ReadPriority['trackRead'] = (work) => work(),
): ReaderPool {
  const connections = new Set<DuckDBConnection>();
  const pool = new Pool<DuckDBConnection>({
    min: size,
    max: size,
    acquireTimeoutMillis: budgetMs,
    propagateCreateError: true,
    async create() {
      const connection = await connect();
      connections.add(connection);
      return connection;
    },
    destroy(connection) {
      connections.delete(connection);
      connection.closeSync();
    },
  });

  return {
    async use(work) {
      const started = performance.now();
      return withConnection((connection) =>
        withinBudget(connection, { budgetMs, leftMs: budgetMs - (performance.now() - started) }, () =>
          work(connection),
        ),
      );
    },
    useUnlimited: withConnection,
    async close() {
      const closed = pool.destroy();
      for (const connection of connections) connection.interrupt();
      await closed;
    },
  };

  async function withConnection<Result>(work: Work<Result>): Promise<Result> {
    const connection = await acquire();
    try {
      return await trackRead(() => work(connection));
    } finally {
      pool.release(connection);
    }
  }

  async function acquire(): Promise<DuckDBConnection> {
    const soonServed = size - pool.numUsed();
    if (pool.numPendingAcquires() >= maxWaiting + soonServed)
      throw new Problem('saturated', `${maxWaiting} requests are waiting already; try again later.`, RETRY_AFTER);
    try {
      return await pool.acquire().promise;
    } catch (cause) {
      if (!(cause instanceof TimeoutError)) throw cause;
      throw new Problem('saturated', `No reader became free within ${budgetMs} ms; try again later.`, {
        ...RETRY_AFTER,
        cause,
      });
    }
  }
}
