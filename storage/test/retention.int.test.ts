import { selectRows } from '@millrace/core/database/run-sql';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listing, listingSchema } from './listings.ts';
import { song, songSchema } from './songs.ts';
import { acknowledgedLines, countRows, storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const OLD = 1_700;
const YOUNG = 50;
const daysAgo = (days: number, n = 0) => ({ timestamp: NOW - days * DAY_MS + n });
const expiring = <Schema extends { stream: object }>(schema: Schema) => ({
  ...schema,
  stream: { ...schema.stream, row_retention: '30d' },
});
const keptSchema = { ...songSchema, name: 'Kept', stream: { ...songSchema.stream, path: '/kept' } };

let bed: TestBed;
let replicas: RunningService[];
let young: string[];
let refused: string[];

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema, kept: keptSchema, listing: listingSchema });
  const before = await bed.startStorage();
  await bed.publish('kept', [song(0, daysAgo(400))]);
  await bed.publish(
    'song',
    Array.from({ length: OLD }, (_, n) => song(n, daysAgo(31, n))),
  );
  young = acknowledgedLines(
    await bed.publish(
      'song',
      Array.from({ length: YOUNG }, (_, n) => song(n, daysAgo(29, n))),
    ),
  );
  await untilRows('song', OLD + YOUNG);
  await bed.db.raw(`ALTER TABLE \`${bed.stream('song').table}\` MODIFY artist VARCHAR(8)`);
  const letters = await bed.publish('song', [song(0, { ...daysAgo(31), artist: 'Long ago enough' })]);
  refused = letters.map(({ value }) => String(value.event_id));
  await waitUntil(
    () => countRows(bed.db, 'dead_letters'),
    (rows) => rows === 1,
  );
  await bed.db.raw(`ALTER TABLE \`${bed.stream('song').table}\` MODIFY artist VARCHAR(40)`);
  await before.kill('SIGTERM');
});
afterAll(() => bed.close());

const untilRows = (stream: string, count: number) =>
  waitUntil(
    () => countRows(bed.db, bed.stream(stream).table),
    (rows) => rows === count,
  );
async function checkpoints() {
  const rows = await selectRows<{ topic_partition: number; next_offset: number }>(
    bed.db,
    'SELECT topic_partition, next_offset FROM checkpoints WHERE topic = ? ORDER BY topic_partition',
    [bed.stream('song').topic],
  );
  return rows.map(({ next_offset }) => next_offset);
}
const untilRead = (records: number) =>
  waitUntil(checkpoints, (offsets) => offsets.reduce((sum, offset) => sum + offset, 0) === records);
async function expired(stream: string): Promise<number> {
  const pattern = new RegExp(`^millrace_storage_rows_expired_total\\{.*"${bed.stream(stream).name}".*\\} (\\d+)`, 'm');
  const texts = await Promise.all(replicas.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  return texts.reduce((sum, text) => sum + Number(pattern.exec(text)?.[1] ?? 0), 0);
}

describe('rows of a stream with row_retention', () => {
  it('go by their age, in small deletes that replicas share, and young ones, other streams and offsets stay', async () => {
    const offsets = await checkpoints();
    await bed.writeSchema('song', expiring(songSchema));
    await bed.writeSchema('listing', expiring(listingSchema));

    replicas = await Promise.all([bed.startStorage(), bed.startStorage()]);
    await untilRows('song', YOUNG);

    expect(await storedLines(bed.db, bed.stream('song').table)).toEqual(young);
    expect(await countRows(bed.db, bed.stream('kept').table)).toBe(1);
    expect(await checkpoints()).toEqual(offsets);
    await waitUntil(
      () => expired('song'),
      (rows) => rows === OLD,
    );
    const said = await waitUntil(
      async () => replicas.flatMap(({ lines }) => lines.filter(({ msg }) => msg === 'expired rows removed')),
      (lines) => lines.reduce((sum, { rows }) => sum + Number(rows), 0) >= OLD,
    );
    expect(said[0]).toMatchObject({ level: 'info', stream: bed.stream('song').name });
  });

  it('are those that queries answer, from the first page to the last', async () => {
    const [replica] = replicas;

    const rows = await (await fetch(`${replica?.url}/songs?limit=1000`)).json();

    expect(rows).toHaveLength(YOUNG);
  });

  it('do not come back from a record that is late, sent again, or redriven', async () => {
    const [replica] = replicas;
    const late = await bed.publish('song', [song(1, daysAgo(31)), song(1, daysAgo(1)), song(1, daysAgo(40))]);
    const redrive = await fetch(`${replica?.url}/dead-letters/redrive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ filter: { event_id: refused[0] } }),
    });
    expect(redrive.status).toBe(202);
    await untilRead(OLD + YOUNG + 1 + 3 + 1);
    const expected = [...young, ...acknowledgedLines(late.slice(1, 2))].sort();
    expect(await storedLines(bed.db, bed.stream('song').table)).toEqual(expected);

    await Promise.all(replicas.map(({ kill }) => kill('SIGTERM')));
    await bed.db.raw('UPDATE checkpoints SET next_offset = 0, last_offset = NULL, last_appended_at = NULL');
    replicas = [await bed.startStorage()];
    await untilRead(OLD + YOUNG + 1 + 3 + 1);

    expect(await storedLines(bed.db, bed.stream('song').table)).toEqual(expected);
  });

  it('go with their child rows while the service is idle, and neighbours keep theirs', async () => {
    const ids = async (table: string, column: string) => {
      const rows = await selectRows<{ id: string }>(
        bed.db,
        `SELECT DISTINCT ${column} AS id FROM \`${table}\` ORDER BY id`,
      );
      return rows.map(({ id }) => id);
    };
    const { table } = bed.stream('listing');
    await bed.publish('listing', [
      { ...listing('bare', 1, []), updated_at: NOW },
      { ...listing('full', 1, [2, 1]), updated_at: NOW },
      { ...listing('old', 1, [3]), updated_at: NOW - 31 * DAY_MS },
      { ...listing('old-bare', 1, []), updated_at: NOW - 31 * DAY_MS },
      { ...listing('renewed', 1, [1]), updated_at: NOW - 31 * DAY_MS },
      { ...listing('renewed', 2, [1, 1]), updated_at: NOW },
    ]);

    await waitUntil(
      () => expired('listing'),
      (rows) => rows >= 2,
    );

    await waitUntil(
      () => ids(table, 'listing_id'),
      (found) => found.join() === 'bare,full,renewed',
    );
    expect(await ids('listing_plans', 'parent_key')).toEqual(['full', 'renewed']);
    expect(await ids('listing_zones', 'parent_key')).toEqual(['full', 'renewed']);
  });
});
