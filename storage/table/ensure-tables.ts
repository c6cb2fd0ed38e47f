import { isTransient } from '@millrace/core/database/is-transient';
import { withLock } from '@millrace/core/database/lock';
import { migrate } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { Problem } from '@millrace/core/problem/problem';
import { migrations } from '../migrations/migrations.ts';
import type { Table } from './column.ts';
import { createTableSql, shapesOf, type TableShape } from './create-table-sql.ts';
import { wideningSql } from './widen-table.ts';

/**
 * Creates missing tables and columns, and widens columns that are too narrow. One replica at a time, so that all that start together agree.
 * Throws a `Problem` that is not retriable for a change that the database refuses at every try.
 */
export async function ensureTables(db: Database, tables: readonly Table[], log: Log): Promise<void> {
  await withLock(db, 'tables', async () => {
    await migrate(db, migrations);
    for (const table of tables)
      for (const shape of shapesOf(table))
        await ensureTable(db, shape, log).catch((error: unknown) => {
          throw isTransient(error) || error instanceof Problem ? error : refused(table.file, shape, error);
        });
  });
}

async function ensureTable(db: Database, shape: TableShape, log: Log): Promise<void> {
  await db.raw(createTableSql(shape));
  const change = await wideningSql(db, shape);
  if (change === undefined) return;
  log.info({ table: shape.name, change }, 'table widened');
  await db.raw(change);
}

function refused(file: string, { name }: TableShape, cause: unknown): Problem {
  const reason = cause instanceof Error && 'sqlMessage' in cause ? String(cause.sqlMessage) : String(cause);
  return new Problem('invalid-schema', `${file}: the database refuses its table ${name}: ${reason}`, { cause });
}
