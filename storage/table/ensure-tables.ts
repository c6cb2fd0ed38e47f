import { withLock } from '@millrace/core/database/lock';
import { migrate } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { migrations } from '../migrations/migrations.ts';
import type { Table } from './column.ts';
import { createTableSql, shapesOf } from './create-table-sql.ts';
import { wideningSql } from './widen-table.ts';

/** Makes what is missing and widens what is too narrow. One replica at a time, so that all that start together agree. */
export async function ensureTables(db: Database, tables: readonly Table[], log: Log): Promise<void> {
  await withLock(db, 'tables', async () => {
    await migrate(db, migrations);
    for (const shape of tables.flatMap(shapesOf)) {
      await db.raw(createTableSql(shape));
      const change = await wideningSql(db, shape);
      if (change === undefined) continue;
      log.info({ table: shape.name, change }, 'table widened');
      await db.raw(change);
    }
  });
}
