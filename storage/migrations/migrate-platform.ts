import type { Database } from '@millrace/core/database/open-database';
import { createCheckpoints } from './001-create-checkpoints.ts';
import { createDeadLetters } from './002-create-dead-letters.ts';
import { createRedrives } from './003-create-redrives.ts';

type Migration = { readonly name: string; up(db: Database): Promise<void>; down(db: Database): Promise<void> };

const migrations: readonly Migration[] = [createCheckpoints, createDeadLetters, createRedrives];

/** Brings the platform's own tables up to date. The caller holds the tables lock, so knex's own lock is only ever a leftover. */
export async function migratePlatform(db: Database): Promise<void> {
  const config = {
    tableName: 'platform_migrations',
    migrationSource: {
      getMigrations: async () => [...migrations],
      getMigrationName: ({ name }: Migration) => name,
      getMigration: async (migration: Migration) => migration,
    },
  };
  await db.migrate.forceFreeMigrationsLock(config);
  await db.migrate.latest(config);
}
