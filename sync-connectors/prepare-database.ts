import { withLock } from '@millrace/core/database/lock';
import { migrate } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import { migrations } from './migrations/migrations.ts';

/** Makes the tables, under the lock that every service makes tables under, and a row for each connector. */
export async function prepareDatabase(db: Database, connectors: readonly string[]): Promise<void> {
  await withLock(db, 'tables', () => migrate(db, migrations));
  for (const name of connectors)
    await changeRows(db, 'INSERT INTO sync_connectors (name) VALUES (?) ON DUPLICATE KEY UPDATE name = name', [name]);
}
