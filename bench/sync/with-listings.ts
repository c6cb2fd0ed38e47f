import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { createTestDatabase } from '@millrace/testing/test-names';
import { openWorld, type World } from '@millrace/testing/world';
import type { BenchContext } from '../row.ts';

export type ListingsWorld = World & { readonly db: Database };

/** Gives a row's work a world with the shipped streams and a database, whose sync-connectors read providers at addresses, and removes it afterwards. */
export async function withListings<Result>(
  context: BenchContext,
  urls: readonly string[],
  work: (world: ListingsWorld) => Promise<Result>,
): Promise<Result> {
  const database = await createTestDatabase(context.databaseUrl);
  const env = {
    LISTING_PROVIDERS: urls.map((url, n) => `provider-${n}=${url}`).join(','),
    SYNC_SCHEDULE: 'listings=off',
  };
  const at = { kafkaBrokers: context.kafkaBrokers.join(','), registryUrl: context.registryUrl };
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas: 'shipped', env });
  const db = openDatabase(database.url);
  try {
    return await work({ ...world, db });
  } finally {
    await world.close();
    await db.close();
    await database.close();
  }
}
