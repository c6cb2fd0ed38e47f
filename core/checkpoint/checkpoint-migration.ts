import type { Migration } from '../database/migrate.ts';
import type { Database } from '../database/open-database.ts';
import { selectRows } from '../database/run-sql.ts';

/**
 * Where each consumer reads each partition next, and the last record it did, by which a recreated topic is noticed.
 * Part of every consumer's list of migrations. The name is recorded, so it never changes.
 */
export const checkpointMigration: Migration = {
  name: '004-checkpoints-by-consumer',
  async up(db: Database) {
    if (await isTable(db, 'storage_checkpoints')) await adoptStorageCheckpoints(db);
    await db.raw(`CREATE TABLE IF NOT EXISTS checkpoints (
      topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      topic_partition INT NOT NULL,
      next_offset BIGINT NOT NULL,
      last_offset BIGINT NULL,
      last_appended_at DATETIME(3) NULL,
      updated_at DATETIME(3) NOT NULL,
      ${CONSUMER},
      PRIMARY KEY (topic, topic_partition, consumer)
    ) ENGINE=InnoDB`);
    if (await hasRows(db)) await keepOldName(db);
  },
  async down(db: Database) {
    await db.raw('DROP VIEW IF EXISTS storage_checkpoints');
    await db.raw("DELETE FROM checkpoints WHERE consumer <> 'storage'");
    await db.raw(
      'ALTER TABLE checkpoints DROP PRIMARY KEY, DROP COLUMN consumer, ADD PRIMARY KEY (topic, topic_partition)',
    );
    await db.raw('RENAME TABLE checkpoints TO storage_checkpoints');
  },
};

/** The default is what an older storage, which names no consumer, writes. */
const CONSUMER = "consumer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'storage'";

/**
 * The table of an older storage becomes the new one, with its rows, in two statements, each whole or not at all; after a kill
 * between them the next start does the second.
 */
async function adoptStorageCheckpoints(db: Database): Promise<void> {
  const [consumer] = await selectRows(
    db,
    `SELECT COLUMN_NAME FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'storage_checkpoints' AND COLUMN_NAME = 'consumer'`,
  );
  if (!consumer)
    await db.raw(
      `ALTER TABLE storage_checkpoints ADD COLUMN ${CONSUMER}, DROP PRIMARY KEY, ADD PRIMARY KEY (topic, topic_partition, consumer)`,
    );
  await db.raw('RENAME TABLE storage_checkpoints TO checkpoints');
}

/**
 * The old name becomes a view, through which an older storage that still runs reads and writes the same rows under the same
 * locks. Only a statement of its that falls between RENAME and this one fails, and ends it.
 */
async function keepOldName(db: Database): Promise<void> {
  await db.raw(`CREATE OR REPLACE SQL SECURITY INVOKER VIEW storage_checkpoints AS
    SELECT topic, topic_partition, next_offset, last_offset, last_appended_at, updated_at
      FROM checkpoints WHERE consumer = 'storage'`);
}

const hasRows = async (db: Database) => (await selectRows(db, 'SELECT topic FROM checkpoints LIMIT 1')).length > 0;

async function isTable(db: Database, name: string): Promise<boolean> {
  const rows = await selectRows(
    db,
    `SELECT TABLE_NAME FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND TABLE_TYPE = 'BASE TABLE'`,
    [name],
  );
  return rows.length > 0;
}
