import { withLock } from '@millrace/core/database/lock';
import { migrate } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';
import { migrations } from './migrations/migrations.ts';

/** Makes the tables, under the lock that every service makes tables under. */
export const prepareDatabase = (db: Database): Promise<void> => withLock(db, 'tables', () => migrate(db, migrations));
