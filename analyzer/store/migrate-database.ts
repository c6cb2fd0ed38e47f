import type { DuckDBConnection } from '@duckdb/node-api';
import { inTransaction } from './in-transaction.ts';
import { retireInvalidEpochs } from './retire-invalid-epochs.ts';

type Migration = (connection: DuckDBConnection) => Promise<unknown>;

/** The oldest format of the analyzer's tables that is still migrated: that of the first release. */
const OLDEST = 2;

/**
 * What brings the tables from each format to the next, the first from `OLDEST`. A released entry never changes: a change of
 * the tables that every stream shares appends one, beside the new `CREATE TABLE`.
 */
const MIGRATIONS: readonly Migration[] = [
  async (connection) => {
    /** Schema ids are unsigned: any client may write a record whose id is past 2^31. */
    await connection.run('ALTER TABLE "$writers" ALTER schema_id TYPE BIGINT');
    await retireInvalidEpochs(connection);
  },
];

export const FORMAT = OLDEST + MIGRATIONS.length;

/**
 * Brings a file of an earlier format to the present one, all in one transaction: its events, numbers and checkpoints stay.
 * Answers the format that it had. Throws for a file that is not the analyzer's, or whose format is not known.
 */
export async function migrateDatabase(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll('SELECT version FROM "$format"');
  const version = Number(reader.value(0, 0));
  if (!(version >= OLDEST && version <= FORMAT))
    throw new Error(`its format is ${version}, not ${OLDEST} to ${FORMAT}`);
  if (version === FORMAT) return version;
  await inTransaction(connection, async () => {
    for (const migrate of MIGRATIONS.slice(version - OLDEST)) await migrate(connection);
    await connection.run(`UPDATE "$format" SET version = ${FORMAT}`);
  });
  return version;
}
