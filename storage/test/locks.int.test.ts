import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { songSchema, songs } from './songs.ts';
import { acknowledgedLines, countRows, storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const ROUND = 500;

let bed: TestBed;
let storage: RunningService;
let table: string;
let published = 0;
const expected: string[] = [];

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  table = bed.stream('song').table;
  storage = await bed.startStorage();
  await publish();
  await untilStored();
  await bed.db.raw('CREATE TABLE platform_heavy (n INT NOT NULL) ENGINE=InnoDB');
});
afterAll(() => bed.close());

async function publish(): Promise<void> {
  const written = await bed.publish('song', songs(ROUND, published));
  published += ROUND;
  expected.push(...acknowledgedLines(written));
}
async function untilStored(): Promise<void> {
  await waitUntil(
    () => countRows(bed.db, table),
    (rows) => rows >= published,
  );
  expect(await storedLines(bed.db, table)).toEqual([...expected].sort());
}

/** Waits until storage's insert stands still before a lock. */
const untilItWaits = () =>
  waitUntil(
    () =>
      selectRows(bed.db, `SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'INSERT INTO \`${table}\`%'`),
    (waiting) => waiting.length > 0,
  );
async function retries() {
  const text = await (await fetch(`${storage.url}/metrics`)).text();
  return Number(/^millrace_storage_retries_total\{.*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
const reasons = () =>
  storage.lines.filter(({ msg }) => msg === 'not stored yet, trying again').map(({ reason }) => String(reason));

/** A second connection whose open transaction holds every row of the table and the gaps that new ones go to. */
async function holdTable(): Promise<Transaction> {
  const holder = await bed.db.transaction(undefined, { isolationLevel: 'serializable' });
  await holder.raw(`SELECT event_id FROM \`${table}\` FOR UPDATE`);
  return holder;
}

describe('storage tries a transaction again, and stores every record once,', () => {
  it('that the database has undone to end a deadlock', async () => {
    const before = await retries();
    const holder = await holdTable();
    // The database undoes the transaction that has changed less: storage's.
    await changeRows(holder, `INSERT INTO platform_heavy VALUES ${Array(10_000).fill('(1)').join(',')}`);
    await publish();
    await untilItWaits();

    await holder.raw('SELECT next_offset FROM checkpoints FOR UPDATE');
    await waitUntil(retries, (now) => now > before);
    await holder.commit();

    await untilStored();
    expect(reasons().join()).toContain('Deadlock found');
    expect(reasons().join()).not.toContain('INSERT INTO');
  });

  it('that waited too long for a lock', async () => {
    const before = await retries();
    const holder = await holdTable();
    await publish();

    await waitUntil(
      async () => {
        await holder.raw('SELECT 1');
        return retries();
      },
      (now) => now > before,
      { everyMs: 250 },
    );
    await holder.commit();

    await untilStored();
    expect(reasons().join()).toContain('Lock wait timeout exceeded');
  });
});
