import { withLock } from '@millrace/core/database/lock';
import { migrate } from '@millrace/core/database/migrate';
import type { Database } from '@millrace/core/database/open-database';
import { migrations } from './migrations/migrations.ts';

/** Makes auth's tables, under the lock that every service makes tables under: they share one record of what was done. */
export const prepareDatabase = (db: Database): Promise<void> => withLock(db, 'tables', () => migrate(db, migrations));

/** Runs what only one replica or command may do at a time: seeding accounts, making and retiring keys. */
export const alone = <Result>(db: Database, work: () => Promise<Result>): Promise<Result> => withLock(db, 'auth', work);
