import type { Knex } from 'knex';

/** Where a statement runs: the pool, or an open transaction. */
type Runner = Pick<Knex, 'raw'>;
type Bindings = readonly (string | number | Buffer | null)[];

/** The rows of a SELECT; each column is what the driver makes of it, so say so in the type. */
export async function selectRows<Row extends object>(runner: Runner, sql: string, bindings?: Bindings): Promise<Row[]> {
  const [rows] = await run<Row[]>(runner, sql, bindings);
  return rows ?? [];
}

/** Runs a statement that changes rows; answers how many it changed. */
export async function changeRows(runner: Runner, sql: string, bindings?: Bindings): Promise<number> {
  const [answer] = await run<{ affectedRows: number }>(runner, sql, bindings);
  return answer?.affectedRows ?? 0;
}

/** Without bindings the text goes out as it is: a `?` within a literal is then no placeholder. */
const run = <Answer>(runner: Runner, sql: string, bindings?: Bindings) =>
  bindings ? runner.raw<Answer[]>(sql, bindings) : runner.raw<Answer[]>(sql);
