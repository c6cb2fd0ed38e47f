import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Log } from '@millrace/core/log/create-log';
import { messageOf } from '@millrace/core/problem/message-of';
import { Problem } from '@millrace/core/problem/problem';
import { CATALOG_TABLE } from './catalog.ts';
import { CHECKPOINT_TABLE } from './checkpoint.ts';
import { FORMAT, migrateDatabase } from './migrate-database.ts';
import { createReadPriority, type ReadPriority } from './read-priority.ts';
import { REPEATS_TABLE } from './repeats.ts';
import { WRITERS_TABLE } from './writer-schemas.ts';

export type DatabaseSettings = {
  /** The DuckDB file; created if it is missing. */
  readonly file: string;
  /** Such as `256MB`: what DuckDB's own buffers may take. */
  readonly memoryLimit: string;
  readonly threads: number;
  readonly log: Log;
};

export type Database = ReadPriority & {
  /** The only connection that writes. */
  readonly writer: DuckDBConnection;
  /** A connection of its own: it reads a snapshot, so writing does not block it. */
  connect(): Promise<DuckDBConnection>;
  close(): void;
};

/** Some lookups' time: under a flood of them, writing a chunk takes so much longer. */
const READ_PRIORITY = { afterMs: 4, atMostMs: 7 };
/** The log of commits is folded into the file when it has grown to this: a restart reads at most as much. */
const WAL_LIMIT = '32MB';

/**
 * Opens the analyzer's file, migrated in place if an earlier version made it. One that DuckDB can't read, or that is not
 * the analyzer's, is renamed and a new one begun: all that it held is in Kafka. Throws `invalid-config` when another process has it open.
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  await mkdir(dirname(settings.file), { recursive: true });
  const instance = await openOrRebuild(settings);
  const writer = await instance.connect();
  for (const table of [CHECKPOINT_TABLE, CATALOG_TABLE, WRITERS_TABLE, REPEATS_TABLE]) await writer.run(table);
  return {
    ...createReadPriority(READ_PRIORITY),
    writer,
    connect: () => instance.connect(),
    close() {
      writer.closeSync();
      instance.closeSync();
    },
  };
}

async function openOrRebuild(settings: DatabaseSettings): Promise<DuckDBInstance> {
  const { file, log } = settings;
  try {
    return await openOwn(settings);
  } catch (error) {
    const reason = messageOf(error);
    if (!existsSync(file) || error instanceof Problem) throw error;
    if (/could not set lock/i.test(reason))
      throw new Problem('invalid-config', `${file} is in use by another process; give this one a DATA_DIR of its own`, {
        cause: error,
      });
    const aside = `${file}.set-aside-${new Date().toISOString().replaceAll(':', '-')}`;
    await rename(file, aside);
    if (existsSync(`${file}.wal`)) await rename(`${file}.wal`, `${aside}.wal`);
    log.warn(
      { file: aside, reason: reason.split('\n')[0] },
      'the file could not be used: renamed, rebuilding from Kafka',
    );
    return openOwn(settings);
  }
}

async function openOwn({ file, memoryLimit, threads, log }: DatabaseSettings): Promise<DuckDBInstance> {
  const fresh = !existsSync(file);
  const instance = await DuckDBInstance.create(file, {
    memory_limit: memoryLimit,
    threads: String(threads),
    temp_directory: `${file}.tmp`,
    checkpoint_threshold: WAL_LIMIT,
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    if (fresh) await connection.run(`CREATE TABLE "$format" AS SELECT ${FORMAT} AS version`);
    const version = await migrateDatabase(connection);
    if (version !== FORMAT) log.info({ file, from: version, to: FORMAT }, 'the tables were migrated to a newer format');
    return instance;
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  } finally {
    connection.closeSync();
  }
}
