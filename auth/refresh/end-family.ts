import type { Database } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';

/** Ends every refresh token of a family. */
export async function endFamily(db: Database, id: string): Promise<void> {
  await changeRows(db, 'DELETE FROM auth_token_families WHERE id = ?', [id]);
}

/** Few enough for a transaction of a moment. */
const AT_ONCE = 500;

/** Removes families and used tokens whose end has passed; answers how many rows it removed. A used one is kept until then, to know a reuse. */
export async function removeExpired(db: Database): Promise<number> {
  let rows = 0;
  for (const table of ['auth_token_families', 'auth_refresh_tokens'])
    for (let removed = AT_ONCE; removed >= AT_ONCE; rows += removed)
      removed = await changeRows(db, `DELETE FROM ${table} WHERE expires_at <= UTC_TIMESTAMP(3) LIMIT ${AT_ONCE}`);
  return rows;
}
