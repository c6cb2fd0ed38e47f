import type { DuckDBConnection } from '@duckdb/node-api';
import type { Precedence } from '../store/read-priority.ts';

/** A few connections that only read. What it runs gets one to itself, and waits its turn when all are busy. */
export type ReaderPool = {
  use<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>;
  close(): void;
};

/** @param answer told of all that is run, so that writing stands back meanwhile */
export async function createReaderPool(
  connect: () => Promise<DuckDBConnection>,
  size: number,
  answer: Precedence['answer'] = (work) => work(),
): Promise<ReaderPool> {
  const all = await Promise.all(Array.from({ length: size }, connect));
  const idle = [...all];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];

  return {
    async use(work) {
      const connection = idle.pop() ?? (await new Promise<DuckDBConnection>((resolve) => waiting.push(resolve)));
      try {
        return await answer(() => work(connection));
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
