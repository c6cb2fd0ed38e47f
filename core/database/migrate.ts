import type { Database } from './open-database.ts';

/** `up` changes nothing where it was done before, in whole or in part: it may be killed at any instant and is then run again. */
export type Migration = { readonly name: string; up(db: Database): Promise<void>; down(db: Database): Promise<void> };

/**
 * Does those of a service's migrations that the database has not had, in the order given. Services share one record of them, so a
 * migration that is on several lists is done once. The caller holds a lock, so knex's own is only ever a leftover.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<void> {
  const config = {
    tableName: 'platform_migrations',
    disableMigrationsListValidation: true,
    migrationSource: {
      getMigrations: async () => [...migrations],
      getMigrationName: ({ name }: Migration) => name,
      getMigration: async (migration: Migration) => migration,
    },
  };
  await db.migrate.forceFreeMigrationsLock(config);
  await db.migrate.latest(config);
}
