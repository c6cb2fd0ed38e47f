import type { Database } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { instantLiteral, nameLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import type { Sink } from '../write/open-sink.ts';

/** So few that no transaction which stores waits long for their locks. */
export const ROWS_AT_ONCE = 500;

/** DATETIME begins in the year 1000. */
const EARLIEST = Date.UTC(1000, 0, 1);

/**
 * Compiles one small delete: the oldest rows whose event time is further back than `retentionMs`, with their child rows, in one
 * transaction. Rows that another transaction holds are passed over, so replicas that do the same at once share the
 * work, and none waits for what is being stored. Answers how many rows of the stream's own table it removed.
 */
export function compileRemoveExpired({ stream, table, removeChildren }: Sink, retentionMs: number) {
  const name = nameLiteral(table.name);
  const key = nameLiteral(table.primaryKey[0] ?? '');
  const time = nameLiteral(stream.time.name);
  const index = table.indexes.find(({ columns: [first] }) => first === stream.time.name);
  const byTime = index ? `FORCE INDEX (${nameLiteral(index.name)})` : '';

  return (db: Database): Promise<number> =>
    db.transaction(async (trx) => {
      const before = instantLiteral(Math.max(Date.now() - retentionMs, EARLIEST));
      const found = await selectRows<{ pk: string | number }>(
        trx,
        `SELECT ${key} AS pk FROM ${name} ${byTime} WHERE ${time} < ${before}
          ORDER BY ${time} LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED`,
      );
      if (found.length === 0) return 0;
      const keys = found.map(({ pk }) => (typeof pk === 'number' ? String(pk) : textLiteral(pk)));
      await removeChildren(trx, keys);
      return changeRows(trx, `DELETE FROM ${name} WHERE ${key} IN (${keys.join(',')})`);
    });
}
