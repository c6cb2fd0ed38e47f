import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLeases, type Lease, leaseMigration, takeLease } from '../database/lease.ts';
import { withLock } from '../database/lock.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { changeRows } from '../database/run-sql.ts';

type Opened = Database & { close(): Promise<void> };

let server: Opened;
let db: Opened;
const name = `millrace_${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  const { databaseUrl } = inject('stack');
  server = openDatabase(databaseUrl, { poolSize: 1 });
  await server.raw(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  db = openDatabase(databaseUrl.replace(/\/[^/]*$/, `/${name}`));
  await leaseMigration.up(db);
});
afterAll(async () => {
  await db.close();
  await server.raw(`DROP DATABASE ${name}`);
  await server.close();
});

const expire = (lease: string) =>
  changeRows(db, "UPDATE platform_leases SET expires_at = '2020-01-01' WHERE name = ?", [lease]);

describe('a lease', () => {
  it('is had by one of those who ask at once, and by the next when it is released', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, () => takeLease(db, 'one')));

    const [held, ...others] = asked.filter((lease): lease is Lease => lease !== undefined);
    expect(others).toEqual([]);
    await held?.release();
    const next = await takeLease(db, 'one');
    expect(next).toBeDefined();
    await next?.release();
  });

  it('is kept past its first end by whoever holds it', async () => {
    const held = await takeLease(db, 'long', { forMs: 600 });
    const first = await endOf('long');
    await waitUntil(
      () => endOf('long'),
      (end) => end > first,
    );

    expect(await takeLease(db, 'long')).toBeUndefined();
    await held?.release();
  });

  it('passes on once its end has come, and its former owner hears of it and can write nothing under it', async () => {
    const former = await takeLease(db, 'passed', { forMs: 3_000 });
    await expire('passed');
    const next = await takeLease(db, 'passed', { forMs: 60_000 });

    expect(next).toBeDefined();
    await expect(db.transaction((trx) => former?.confirm(trx) ?? Promise.resolve())).rejects.toThrow(
      /passed to another/,
    );
    await db.transaction((trx) => next?.confirm(trx) ?? Promise.resolve());
    if (former && !former.lost.aborted) await once(former.lost, 'abort');
    await former?.release();
    expect(await takeLease(db, 'passed')).toBeUndefined();
    await next?.release();
  });

  it('is renewed beside many others, and lost alone', async () => {
    const leases = createLeases(db, { forMs: 3_000 });
    const names = Array.from({ length: 50 }, (_, n) => `many/${n}`);
    const taken = await Promise.all(names.map((each) => leases.take(each)));
    const [first, second, ...rest] = taken;
    const end = await endOf('many/49');
    await changeRows(db, "UPDATE platform_leases SET owner = 'another' WHERE name = 'many/0'");
    await second?.release();

    if (first && !first.lost.aborted) await once(first.lost, 'abort');
    await waitUntil(
      () => endOf('many/49'),
      (now) => now > end,
    );

    expect(rest.filter((lease) => lease?.lost.aborted !== false)).toEqual([]);
    expect(await leases.take('many/49')).toBeUndefined();
    const again = await leases.take('many/1');
    expect(again).toBeDefined();
    for (const lease of [...rest, again]) await lease?.release();
  });
});

describe('a lock', () => {
  it('lets one work at a time under a name, and others under other names', async () => {
    let working = 0;
    let most = 0;
    const work = async () => {
      working += 1;
      most = Math.max(most, working);
      await db.raw('SELECT SLEEP(0.02)');
      working -= 1;
    };

    await Promise.all([1, 2, 3, 4].map(() => withLock(db, 'same', work)));
    const mostOfSame = most;
    most = 0;
    await Promise.all(['a', 'b'].map((other) => withLock(db, other, () => waitUntil(work, () => most === 2))));

    expect(mostOfSame).toBe(1);
    expect(most).toBe(2);
  });
});

async function endOf(lease: string): Promise<string> {
  const [rows] = await db.raw<{ expires_at: string }[][]>(
    `SELECT expires_at FROM platform_leases WHERE name = '${lease}'`,
  );
  return rows?.[0]?.expires_at ?? '';
}
