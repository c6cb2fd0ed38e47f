import { type Database, openDatabase } from '@millrace/core/database/open-database';
import type { RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { openWorld, type World, type WorldOptions } from '@millrace/testing/world';

export type TestBed = World & {
  readonly db: Database;
  readonly databaseUrl: string;
  /** @param command another program of storage's folder, and its arguments, in the place of `main` */
  startStorage(...command: readonly string[]): Promise<RunningService>;
};

/** A world with a database of its own, and storages that end with it. */
export async function openTestBed(
  at: { readonly kafkaBrokers: string; readonly registryUrl: string; readonly databaseUrl: string },
  schemas: WorldOptions['schemas'],
): Promise<TestBed> {
  const database = await createTestDatabase(at.databaseUrl);
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas });
  const db = openDatabase(database.url);
  return {
    ...world,
    db,
    databaseUrl: database.url,
    startStorage: (program = 'main', ...args) => world.start('storage', { program, args }),
    async close() {
      await world.close();
      await db.close();
      await database.close();
    },
  };
}
