import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { createTestDatabase } from '@millrace/testing/test-names';
import { openWorld, type World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import type { BenchContext } from './row.ts';

export type BenchWorld = World & { readonly databaseUrl: string; readonly db: Database };

/**
 * Gives a row's work a world with the stream of runs and a database, which no other row sees, and removes it afterwards.
 * @param more files of further shipped schemas, such as `rewards/rules`
 */
export async function withWorld<Result>(
  context: BenchContext,
  work: (world: BenchWorld) => Promise<Result>,
  more: readonly string[] = [],
): Promise<Result> {
  const database = await createTestDatabase(context.databaseUrl);
  const running = await shippedSchema('fitness/running');
  const at = { kafkaBrokers: context.kafkaBrokers.join(','), registryUrl: context.registryUrl };
  const others = await Promise.all(more.map(async (file) => [file, await shippedSchema(file)] as const));
  const schemas = {
    ...Object.fromEntries(others),
    running: { ...running, stream: { ...running.stream, path: undefined, count_as: undefined } },
  };
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas });
  const db = openDatabase(database.url);
  try {
    return await work({ ...world, databaseUrl: database.url, db });
  } finally {
    await world.close();
    await db.close();
    await database.close();
  }
}
