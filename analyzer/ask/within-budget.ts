import type { DuckDBConnection } from '@duckdb/node-api';
import { Problem } from '@millrace/core/problem/problem';

/** @param budgetMs as it is reported; @param leftMs what waiting has left of it */
type Budget = { readonly budgetMs: number; readonly leftMs: number };

/** Interrupts the work when its time is over, and then throws `query-timeout`. */
export async function withinBudget<Result>(
  connection: DuckDBConnection,
  { budgetMs, leftMs }: Budget,
  work: () => Promise<Result>,
): Promise<Result> {
  let late = false;
  const timer = setTimeout(
    () => {
      late = true;
      connection.interrupt();
    },
    Math.max(1, leftMs),
  );
  try {
    return await work();
  } catch (error) {
    if (!late) throw error;
    const detail = `The question took longer than ${budgetMs} ms: ask for a shorter time, fewer groups or fewer measures.`;
    throw new Problem('query-timeout', detail, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
