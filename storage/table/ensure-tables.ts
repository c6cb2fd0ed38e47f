import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { migratePlatform } from '../migrations/migrate-platform.ts';
import type { Table } from './column.ts';
import { createTableSql, shapesOf } from './create-table-sql.ts';
import { withTablesLock } from './tables-lock.ts';
import { wideningSql } from './widen-table.ts';

/** Makes what is missing and widens what is too narrow. One replica at a time, so that all that start together agree. */
export async function ensureTables(db: Database, tables: readonly Table[], log: Log): Promise<void> {
  await withTablesLock(db, async () => {
    await migratePlatform(db);
    for (const shape of tables.flatMap(shapesOf)) {
      await db.raw(createTableSql(shape));
      const change = await wideningSql(db, shape);
      if (change === undefined) continue;
      log.info({ table: shape.name, change }, 'table widened');
      await db.raw(change);
    }
  });
}
