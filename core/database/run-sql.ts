import type { Knex } from 'knex';

/** Where a statement runs: the pool, or an open transaction. */
type Runner = Pick<Knex, 'raw'>;

/** The rows of a SELECT; each column is what the driver makes of it, so say so in the type. */
export async function selectRows<Row extends object>(
  runner: Runner,
  sql: string,
  bindings: readonly (string | number | null)[] = [],
): Promise<Row[]> {
  const [rows] = await runner.raw<Row[][]>(sql, bindings);
  return rows ?? [];
}

/** Runs a statement that changes rows; answers how many it changed. */
export async function changeRows(
  runner: Runner,
  sql: string,
  bindings: readonly (string | number | null)[] = [],
): Promise<number> {
  const [answer] = await runner.raw<{ affectedRows: number }[]>(sql, bindings);
  return answer?.affectedRows ?? 0;
}
