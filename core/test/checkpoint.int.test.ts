import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { beginCheckpoint, moveCheckpoint, readCheckpoint } from '../checkpoint/checkpoint.ts';
import { checkpointMigration } from '../checkpoint/checkpoint-migration.ts';
import { checkpointGuard } from '../checkpoint/with-checkpoint.ts';
import { withLock } from '../database/lock.ts';
import { migrate } from '../database/migrate.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { changeRows, selectRows } from '../database/run-sql.ts';
import type { Batch } from '../stream/consume.ts';

type Opened = Database & { close(): Promise<void> };
type Row = { topic: string; topic_partition: number; next_offset: number; last_offset: number | null };

let server: Opened;
let db: Opened;
const name = `millrace_${randomUUID().slice(0, 8)}`;

beforeEach(async () => {
  const { databaseUrl } = inject('stack');
  server = openDatabase(databaseUrl, { poolSize: 1 });
  await server.raw(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  db = openDatabase(databaseUrl.replace(/\/[^/]*$/, `/${name}`));
});
afterEach(async () => {
  await db.close();
  await server.raw(`DROP DATABASE ${name}`);
  await server.close();
});

/** The table as storage made it until it had to share it, and what knex noted of that. */
async function oldDatabase(): Promise<void> {
  await db.raw(`CREATE TABLE storage_checkpoints (
    topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    topic_partition INT NOT NULL,
    next_offset BIGINT NOT NULL,
    last_offset BIGINT NULL,
    last_appended_at DATETIME(3) NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (topic, topic_partition)
  ) ENGINE=InnoDB`);
  const rows = Array.from({ length: 200 }, (_, n) => {
    const last = n % 5 === 0 ? 'NULL, NULL' : `${n * 1_000 + 6}, '2026-03-14 07:00:00.${String(n).padStart(3, '0')}'`;
    return `('topic-${n % 40}', ${Math.floor(n / 40)}, ${n * 1_000 + 7}, ${last}, '2026-03-14 08:00:00.000')`;
  });
  await db.raw(`INSERT INTO storage_checkpoints VALUES ${rows.join(',')}`);
  await migrate(db, [{ name: '001-create-checkpoints', up: async () => {}, down: async () => {} }]);
}

const COLUMNS = 'topic, topic_partition, next_offset, last_offset, last_appended_at, updated_at';
const held = (table: string) => selectRows<Row>(db, `SELECT ${COLUMNS} FROM ${table} ORDER BY topic, topic_partition`);
const start = () => withLock(db, 'tables', () => migrate(db, [checkpointMigration]));

describe('checkpoints of a database that an older storage made', () => {
  it('are all there, as they were, under the name of storage, also when several processes start at once', async () => {
    await oldDatabase();
    const before = await held('storage_checkpoints');

    await Promise.all([start(), start(), start()]);

    expect(before).toHaveLength(200);
    expect(await held("checkpoints WHERE consumer = 'storage'")).toEqual(before);
    expect(await selectRows(db, "SELECT topic FROM checkpoints WHERE consumer <> 'storage'")).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('lose nothing when the process is killed after statement %i', async (statements) => {
    await oldDatabase();
    const before = await held('storage_checkpoints');
    let left = statements;
    const dying: Database = new Proxy(db, {
      get(target, property, receiver) {
        if (property !== 'raw') return Reflect.get(target, property, receiver);
        return (...given: [string]) => {
          left -= 1;
          if (left < 0) throw new Error('killed');
          return target.raw(...given);
        };
      },
    });

    await checkpointMigration.up(dying).catch(() => undefined);
    await start();

    expect(await held('checkpoints')).toEqual(before);
    expect(await held('storage_checkpoints')).toEqual(before);
  });

  it('are read, locked and moved by an older storage that still runs, and by the new one alike', async () => {
    await oldDatabase();
    await start();

    const trx = await db.transaction();
    await selectRows(
      trx,
      "SELECT next_offset FROM storage_checkpoints WHERE topic = 'topic-1' AND topic_partition = 0 FOR UPDATE",
    );
    await changeRows(
      trx,
      "UPDATE storage_checkpoints SET next_offset = 5000, last_offset = 4999 WHERE topic = 'topic-1' AND topic_partition = 0",
    );
    await db.raw('SET @@innodb_lock_wait_timeout = 1');
    const meanwhile = selectRows(
      db,
      "SELECT next_offset FROM checkpoints WHERE topic = 'topic-1' AND topic_partition = 0 AND consumer = 'storage' FOR UPDATE NOWAIT",
    );
    await expect(meanwhile).rejects.toThrow(/lock/i);
    await trx.commit();
    await changeRows(
      db,
      `INSERT INTO storage_checkpoints (topic, topic_partition, next_offset, updated_at) VALUES ('new', 0, 3, '2026-01-01')
       ON DUPLICATE KEY UPDATE topic = VALUES(topic)`,
    );

    expect(await readCheckpoint(db, { consumer: 'storage', topic: 'topic-1', partition: 0 })).toMatchObject({
      nextOffset: 5_000n,
    });
    expect(await readCheckpoint(db, { consumer: 'storage', topic: 'new', partition: 0 })).toMatchObject({
      nextOffset: 3n,
    });
  });
});

describe('withCheckpoint', () => {
  const batch = (fromOffset: bigint, count: number): Batch => ({
    topic: 'runs',
    partition: 0,
    fromOffset,
    records: Array.from({ length: count }, (_, n) => ({
      offset: fromOffset + BigInt(n),
      key: null,
      value: null,
      headers: {},
      appendTime: 1_000,
    })),
    nextOffset: fromOffset + BigInt(count),
    logEndOffset: 100n,
  });
  const key = (consumer: string) => ({ consumer, topic: 'runs', partition: 0 });

  it('keeps the consumers apart, does a repeated batch once, and refuses one that leaves a gap', async () => {
    await start();
    for (const consumer of ['storage', 'rules']) await beginCheckpoint(db, key(consumer), 0n);
    const guard = checkpointGuard('rules');
    const done: bigint[] = [];
    const apply = (some: Batch) =>
      db.transaction((trx) =>
        guard(trx, some, async (nextOffset) => {
          done.push(...some.records.map(({ offset }) => offset).filter((offset) => offset >= nextOffset));
        }),
      );

    await Promise.all([apply(batch(0n, 3)), apply(batch(0n, 3))]);
    await apply(batch(1n, 4));

    expect(done).toEqual([0n, 1n, 2n, 3n, 4n]);
    await expect(apply(batch(7n, 1))).rejects.toThrow('offset 5 is to be done next');
    expect(await readCheckpoint(db, key('storage'))).toMatchObject({ nextOffset: 0n });
    expect(await moveCheckpoint(db, key('rules'), { from: 4n, to: 9n })).toBe(false);
    expect(await moveCheckpoint(db, key('rules'), { from: 5n, to: 9n })).toBe(true);
  });

  it('moves nothing when the work fails', async () => {
    await start();
    await beginCheckpoint(db, key('rules'), 0n);

    const failing = db.transaction((trx) =>
      checkpointGuard('rules')(trx, batch(0n, 2), async () => {
        throw new Error('no');
      }),
    );

    await expect(failing).rejects.toThrow('no');
    expect(await readCheckpoint(db, key('rules'))).toMatchObject({ nextOffset: 0n, lastOffset: undefined });
  });
});
