import type { DuckDBConnection } from '@duckdb/node-api';

/** A few connections that only read. What it runs gets one to itself, and waits its turn when all are busy. */
export type ReaderPool = {
  use<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>;
  close(): void;
};

export async function createReaderPool(connect: () => Promise<DuckDBConnection>, size: number): Promise<ReaderPool> {
  const all = await Promise.all(Array.from({ length: size }, connect));
  const idle = [...all];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];

  return {
    async use(work) {
      const connection = idle.pop() ?? (await new Promise<DuckDBConnection>((resolve) => waiting.push(resolve)));
      try {
        return await work(connection);
      } finally {
        const next = waiting.shift();
        if (next) next(connection);
        else idle.push(connection);
      }
    },
    close() {
      for (const connection of all) connection.closeSync();
    },
  };
}
