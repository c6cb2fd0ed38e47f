import { type Database, databaseProblem } from '@millrace/core/database/open-database';
import { Problem } from '@millrace/core/problem/problem';
import type { StoredRow } from './row-to-json.ts';

/** Runs a statement of ours; past its time the server stops it. Throws `query-timeout` and `database-unavailable`. */
export async function runQuery(db: Database, sql: string, timeoutMs: number): Promise<StoredRow[]> {
  try {
    const [rows] = await db.raw<StoredRow[][]>(sql).timeout(timeoutMs, { cancel: true });
    return rows ?? [];
  } catch (error) {
    const ranOut = error instanceof Error && error.name === 'KnexTimeoutError' && 'sql' in error;
    if (ranOut) throw new Problem('query-timeout', `The query ran longer than ${timeoutMs} ms.`, { cause: error });
    throw databaseProblem(error);
  }
}
